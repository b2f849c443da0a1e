#pragma once
// What is known of one channel of some pixels, on the way to Statistics.
#include <cmath>
#include <cstdint>

#include "core/pixel.hpp"

namespace framelane {

struct MeasuredPart {
  double sum;
  float min, max;
  uint64_t nans;
};

/// Of no pixels.
FL_HD MeasuredPart emptyPart() { return {0, INFINITY, -INFINITY, 0}; }

FL_HD void addPart(MeasuredPart& to, const MeasuredPart& part) {
  to.sum += part.sum;
  to.min = part.min < to.min ? part.min : to.min;
  to.max = part.max > to.max ? part.max : to.max;
  to.nans += part.nans;
}

constexpr float kLumaRed = 0.2126f, kLumaGreen = 0.7152f, kLumaBlue = 0.0722f;

}  // namespace framelane
