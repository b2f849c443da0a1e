#include "media/timeline.hpp"

#include <algorithm>
#include <limits>

namespace framelane::media {

Timeline::Timeline(const TimelineConfig& config, Rational timeBase, TimelineCounters& counters)
    : config_(config),
      timeBase_(timeBase),
      counters_(counters),
      left_(config.maxFrames == 0 ? std::numeric_limits<int64_t>::max() : static_cast<int64_t>(config.maxFrames)) {
  if (config.constantRate) rate_.emplace(timeBase, *config.constantRate, config.frameRate);
}

Rational Timeline::timeBase() const {
  return config_.constantRate ? Rational{config_.constantRate->den, config_.constantRate->num} : timeBase_;
}

Timeline::Ticks Timeline::show(int64_t pts, std::optional<int64_t> next) {
  if (isBeforeStart(pts)) {
    counters_.skipped.fetch_add(1, std::memory_order_relaxed);
    return {};
  }
  Ticks ticks = place(pts, next);
  ticks.count = std::min(ticks.count, left_);
  left_ -= ticks.count;
  if (ticks.count > 1) counters_.repeated.fetch_add(static_cast<uint64_t>(ticks.count - 1), std::memory_order_relaxed);
  return ticks;
}

Timeline::Ticks Timeline::place(int64_t pts, std::optional<int64_t> next) {
  if (rate_) {
    const Ticks ticks = rate_->show(pts, next);
    if (ticks.count == 0) counters_.dropped.fetch_add(1, std::memory_order_relaxed);
    return ticks;
  }
  if (last_ && pts <= *last_) {
    counters_.late.fetch_add(1, std::memory_order_relaxed);
    pts = *last_ + 1;
  }
  last_ = pts;
  return {pts, 1};
}

bool Timeline::isBeforeStart(int64_t pts) const {
  // Times from JavaScript are rounded decimals; FFmpeg reads them to the microsecond.
  constexpr double kHalfMicrosecond = 0.5e-6;
  const double seconds = static_cast<double>(pts) * static_cast<double>(timeBase_.num) / static_cast<double>(timeBase_.den);
  return seconds + kHalfMicrosecond < config_.start;
}

}  // namespace framelane::media
