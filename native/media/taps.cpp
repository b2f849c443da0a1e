#include "media/taps.hpp"

namespace framelane::media {

std::shared_ptr<Tap> Taps::add() {
  auto tap = std::make_shared<Tap>();
  const std::scoped_lock lock(mutex_);
  std::erase_if(taps_, [](const auto& known) { return known.expired(); });
  taps_.push_back(tap);
  if (ended_) tap->end();
  return tap;
}

void Taps::offer(std::span<const std::byte> data, double seconds) noexcept {
  const std::scoped_lock lock(mutex_);
  for (const auto& known : taps_)
    if (const auto tap = known.lock()) tap->offer(data, seconds);
}

void Taps::end() noexcept {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  for (const auto& known : taps_)
    if (const auto tap = known.lock()) tap->end();
}

}  // namespace framelane::media
