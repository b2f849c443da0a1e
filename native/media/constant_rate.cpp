#include "media/constant_rate.hpp"

#include <algorithm>

namespace framelane::media {
namespace {

__extension__ using Wide = __int128;

// The difference of two such times is one, too.
constexpr int64_t kLatest = int64_t{1} << 61;

/// value * num / den to the nearest, halves away from zero as av_rescale_q does; within the range of a timestamp.
int64_t rescale(int64_t value, Wide num, Wide den) {
  const Wide product = value * num;
  const Wide rounded = (product + (product < 0 ? -den : den) / 2) / den;
  return static_cast<int64_t>(std::clamp<Wide>(rounded, -kLatest, kLatest));
}

}  // namespace

ConstantRate::ConstantRate(Rational timeBase, Rational rate, Rational sourceRate) : timeBase_(timeBase), rate_(rate) {
  if (sourceRate.num > 0)
    lastDuration_ = rescale(1, Wide{sourceRate.den} * timeBase.den, Wide{sourceRate.num} * timeBase.num);
}

int64_t ConstantRate::tickOf(int64_t pts) const {
  return rescale(pts, Wide{timeBase_.num} * rate_.num, Wide{timeBase_.den} * rate_.den);
}

int64_t ConstantRate::usualEnd(int64_t lastPts) const {
  return lastDuration_ ? tickOf(lastPts + *lastDuration_) : tickOf(lastPts) + 1;
}

ConstantRate::Ticks ConstantRate::show(int64_t pts, int64_t next) {
  return showUntil(next_.value_or(tickOf(pts)), tickOf(next));
}

ConstantRate::Ticks ConstantRate::showLast(int64_t pts, std::optional<int64_t> endPts) {
  const int64_t begin = next_.value_or(tickOf(pts));
  const int64_t end = endPts ? tickOf(*endPts) : usualEnd(pts);
  return showUntil(begin, shown_ ? end : std::max(end, begin + 1));
}

ConstantRate::Ticks ConstantRate::showUntil(int64_t begin, int64_t end) {
  next_ = std::max(begin, end);
  const int64_t count = *next_ - begin;
  shown_ |= count > 0;
  return {begin, count};
}

}  // namespace framelane::media
