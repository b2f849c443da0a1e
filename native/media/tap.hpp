#pragma once
// Copies of the frames that a sink writes, for a viewer: it takes the next frame when it is ready and never delays the sink.
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>

namespace framelane::media {

class Tap {
 public:
  /// Waits for the next frame and copies it; its time in seconds, or nothing once there are no more. For one thread.
  std::optional<double> take(std::span<std::byte> into);
  /// Ends the frames and wakes take().
  void end() noexcept;

 private:
  friend class Taps;
  void offer(std::span<const std::byte> data, double seconds) noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::span<std::byte> wanted_;
  std::optional<double> taken_;
  bool ended_ = false;
};

}  // namespace framelane::media
