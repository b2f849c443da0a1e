#pragma once
// One of the outputs of a session: which frames it shows, where they are computed, and who writes them.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "media/executor.hpp"
#include "media/frame_sink.hpp"
#include "media/frame_source.hpp"
#include "media/timeline.hpp"

namespace framelane::media {

struct OutputConfig {
  std::shared_ptr<const BoundPlan> plan;
  TimelineConfig timeline;
};

struct OutputStats {
  uint64_t framesOut, dropped, repeated, skipped, late;
  double lastTime;              // seconds of the last frame; below 0 before there is one
  uint64_t queue;               // frames that wait to be written
  Latency process, outputWait;  // processing thread: running the plan; waiting for room behind it
  Latency deviceWait, write;    // writer thread
};

class SessionOutput {
 public:
  /// `slots` frames can be under way where a plan computes; what is passed through stays in the input's slots, of which
  /// there are no more than `capacity`.
  SessionOutput(const OutputConfig& config, std::shared_ptr<MemoryPool> memory, Descriptor descriptor, int slots,
                int capacity, std::function<void()> onFailure);

  /// Of every plan that it gets.
  const FrameShape& shape() const { return shape_; }
  /// Before the first frame that a plan computes; there may be frames under way that none does.
  void makeSlots();
  FrameSink& sink() { return sink_; }
  OutputStats stats() const;
  bool writing() const noexcept { return sink_.writing(); }

  /// Once the input is known, before the first frame.
  void open(const NutStream& input);
  /// Where it shows the frame, see Timeline.
  Timeline::Ticks show(int64_t pts, std::optional<int64_t> next) { return timeline_->show(pts, next); }
  /// Whether it has all its frames.
  bool done() const { return timeline_->done(); }

  /// The frame itself. False after abort().
  bool forward(FrameSource& source, const FrameSource::Item& frame, Timeline::Ticks ticks);
  /// What the plan makes of the frame that `executor` is about. Waits for a slot; false after abort().
  bool compute(Executor& executor, size_t index, FrameSource& source, const FrameSource::Item& frame,
               Timeline::Ticks ticks);

  void abort() noexcept;

 private:
  std::optional<int> takeSlot();
  bool push(const FrameSink::Item& item);

  FrameShape shape_;
  TimelineConfig config_;
  NutStream stream_;
  TimelineCounters counters_;
  std::optional<Timeline> timeline_;
  std::shared_ptr<MemoryPool> memory_;
  int slotCount_;
  std::mutex slotsMutex_;  // abort() comes from any thread
  bool aborted_ = false;
  std::unique_ptr<SlotPool> slots_;  // none where frames have only been forwarded
  FrameSink sink_;
  bool started_ = false;
  LatencyHistogram process_, outputWait_;
};

}  // namespace framelane::media
