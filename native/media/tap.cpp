#include "media/tap.hpp"

#include <algorithm>
#include <cstring>

namespace framelane::media {

std::optional<double> Tap::take(std::span<std::byte> into) {
  std::unique_lock lock(mutex_);
  wanted_ = into;
  taken_.reset();
  changed_.wait(lock, [this] { return taken_ || ended_; });
  wanted_ = {};
  return taken_;
}

void Tap::end() noexcept {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void Tap::offer(std::span<const std::byte> data, double seconds) noexcept {
  const std::scoped_lock lock(mutex_);
  if (wanted_.empty()) return;
  std::memcpy(wanted_.data(), data.data(), std::min(wanted_.size(), data.size()));
  wanted_ = {};
  taken_ = seconds;
  changed_.notify_all();
}

}  // namespace framelane::media
