#pragma once
// Decoder to encoder through a plan: reader thread, the thread that calls run(), writer thread.
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "core/plan.hpp"
#include "media/frame_sink.hpp"
#include "media/frame_source.hpp"

namespace framelane::media {

struct SessionConfig {
  std::shared_ptr<Device> device;
  std::shared_ptr<const Plan> plan;
  Rational frameRate;         // a hint for the encoder
};

struct SessionStats {
  uint64_t framesIn, framesOut;
  uint64_t readNs, slotWaitNs;          // reader thread
  uint64_t inputWaitNs, processNs, outputWaitNs;  // processing thread
  uint64_t deviceWaitNs, writeNs;       // writer thread
};

class Session {
 public:
  /// `output` -1: frames are processed and dropped.
  Session(const SessionConfig& config, Descriptor input, Descriptor output);
  /// Blocks until every frame is written, or finish(), abort() or an error end it. Throws the first error. Where not one
  /// frame came, the output is left untouched.
  void run();
  /// From any thread: reads no further; what was read is processed and written.
  void finish() noexcept { source_.finish(); }
  /// From any thread: stops where it is.
  void abort() noexcept;
  SessionStats stats() const;

 private:
  std::optional<FrameSource::Item> nextInput();
  std::optional<int> nextOutput();
  void forwardFrames(std::optional<FrameSource::Item> frame);
  void processOnHost(std::optional<FrameSource::Item> frame);
  void processOnDevice(std::optional<FrameSource::Item> frame);

  SessionConfig config_;
  std::optional<SlotPool> outputs_;  // none where frames are only forwarded
  FrameSource source_;
  FrameSink sink_;
  std::atomic<uint64_t> inputWaitNs_{0}, processNs_{0}, outputWaitNs_{0};
};

}  // namespace framelane::media
