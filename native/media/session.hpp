#pragma once
// One decoder to any number of encoders, each through a plan of its own: a reader thread, the thread that calls run(), and
// a writer thread per output.
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "media/executor.hpp"
#include "media/frame_source.hpp"
#include "media/session_output.hpp"

namespace framelane::media {

struct SessionStats {
  uint64_t framesIn;
  uint64_t passes;         // over frames, on the device
  uint64_t queue;          // frames read that wait to be processed
  Latency read, slotWait;  // reader thread
  Latency inputWait;       // processing thread: waiting for a frame
  std::vector<OutputStats> outputs;
};

class Session {
 public:
  struct Output {
    OutputConfig config;
    Descriptor descriptor;  // -1: frames are processed and dropped
  };

  /// At least one output; their plans have the same input and device, or it is ERR_INVALID_ARGUMENT.
  Session(std::shared_ptr<Device> device, Descriptor input, std::vector<Output> outputs, Section section = {});
  /// Blocks until every frame is written, every output has its `maxFrames`, or finish(), abort() or an error end it.
  /// Throws the first error; the failure of one output ends all. An output that gets not one frame is left untouched.
  /// Returns whether the input was read to its end.
  bool run();
  /// From one thread at a time: a plan for each output, for all frames that are begun from now on. Returns the number of the
  /// first of them, counted from 0 as they come in; there may be none. Plans for other frames than the outputs' are
  /// ERR_INVALID_ARGUMENT, and nothing changes. The processing thread waits for nothing and allocates nothing.
  uint64_t setPlans(Plans plans);
  /// From any thread: reads no further; what was read is processed and written.
  void finish() noexcept { source_.finish(); }
  /// From any thread: stops where it is.
  void abort() noexcept;
  /// Which output failed first; -1 none.
  int failedOutput() const { return failedOutput_.load(std::memory_order_acquire); }
  SessionStats stats() const;
  /// Whether FFmpeg is waited for: to send a frame, or to take one of an output.
  bool reading() const noexcept { return source_.reading(); }
  bool writing(size_t output) const { return outputs_.at(output)->writing(); }
  /// To see the frames of an output as they are written.
  std::shared_ptr<Tap> watch(size_t output) { return outputs_.at(output)->sink().watch(); }
  /// The results of an output's operations for every frame; to be called before run().
  std::shared_ptr<ResultQueue> watchResults(size_t output) { return outputs_.at(output)->sink().watchResults(); }
  size_t outputCount() const { return outputs_.size(); }
  const FrameShape& outputShape(size_t output) const { return outputs_.at(output)->shape(); }
  const std::shared_ptr<Device>& device() const { return device_; }

 private:
  void requireFitting(const Plans& plans) const;
  /// The plans of the frame that begins.
  std::shared_ptr<const PlanSet> nextSet();
  void onFailure(int output) noexcept;
  [[noreturn]] void rethrow();
  std::optional<FrameSource::Item> nextInput();
  void pump();
  bool show(const FrameSource::Item& frame, std::optional<int64_t> nextPts);

  std::shared_ptr<Device> device_;
  FrameShape input_;
  FrameSource source_;
  std::unique_ptr<Executor> executor_;  // outlives the writers, which wait for its events
  std::vector<std::unique_ptr<SessionOutput>> outputs_;
  std::mutex setMutex_;
  std::shared_ptr<const PlanSet> set_;  // of the next frame
  uint64_t begun_ = 0;                  // frames
  bool lookAhead_;  // a constant rate, and the choice of the frame on display, need to know when the next frame comes
  LatencyHistogram inputWait_;
  std::atomic<int> failedOutput_{-1};
};

}  // namespace framelane::media
