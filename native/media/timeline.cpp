#include "media/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "media/section.hpp"

namespace framelane::media {

Timeline::Timeline(const TimelineConfig& config, Rational timeBase, TimelineCounters& counters)
    : config_(config),
      timeBase_(timeBase),
      counters_(counters),
      begun_(config.start <= 0),
      left_(config.maxFrames == 0 ? std::numeric_limits<int64_t>::max() : static_cast<int64_t>(config.maxFrames)) {
  if (config.constantRate) rate_.emplace(timeBase, *config.constantRate, config.frameRate);
}

Rational Timeline::timeBase() const {
  return config_.constantRate ? Rational{config_.constantRate->den, config_.constantRate->num} : timeBase_;
}

Timeline::Ticks Timeline::show(int64_t pts, std::optional<int64_t> next) {
  begun_ = begun_ || !isBeforeStart(next);
  if (!begun_) {
    counters_.skipped.fetch_add(1, std::memory_order_relaxed);
    return {};
  }
  Ticks ticks = place(pts, next);
  ticks.count = std::min(ticks.count, left_);
  left_ -= ticks.count;
  if (ticks.count > 0) {
    const double last = static_cast<double>(ticks.first + ticks.count - 1) * secondsPerTick(timeBase());
    counters_.lastTime.store(last, std::memory_order_relaxed);
  }
  if (ticks.count > 1) counters_.repeated.fetch_add(static_cast<uint64_t>(ticks.count - 1), std::memory_order_relaxed);
  return ticks;
}

Timeline::Ticks Timeline::place(int64_t pts, std::optional<int64_t> next) {
  if (rate_) {
    const Ticks ticks = next ? rate_->show(pts, *next) : rate_->showLast(pts, endOf(pts));
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

std::optional<int64_t> Timeline::endOf(int64_t lastPts) const {
  if (!config_.ending) return std::nullopt;
  const auto [last, end] = *config_.ending;
  constexpr double kRounding = 0.6e-3;  // of a clock of milliseconds
  const double seconds = static_cast<double>(lastPts) * secondsPerTick(timeBase_);
  const bool meant = last < 0 || std::abs(seconds - last) < kRounding;
  const int64_t endPts = std::llround(end / secondsPerTick(timeBase_));
  return meant && endPts > lastPts ? std::optional(endPts) : std::nullopt;
}

/// Whether the frame after it is the one on display at the start, or comes before that one; the last frame stays on display.
bool Timeline::isBeforeStart(std::optional<int64_t> next) const {
  return next && isUpTo(*next, timeBase_, config_.start);
}

}  // namespace framelane::media
