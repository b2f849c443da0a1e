#pragma once
// The taps of a sink.
#include <memory>
#include <mutex>
#include <vector>

#include "media/tap.hpp"

namespace framelane::media {

class Taps {
 public:
  std::shared_ptr<Tap> add();
  void offer(std::span<const std::byte> data, double seconds) noexcept;
  /// Also those that are added later get no frames.
  void end() noexcept;

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<Tap>> taps_;
  bool ended_ = false;
};

}  // namespace framelane::media
