#pragma once
#include <limits>

#include "core/op.hpp"

namespace framelane {

/// The middle one of the 3x3 values, channel by channel. NaN counts as less than every number.
struct Median {
  void read(Reader&) {}
  bool operator==(const Median&) const = default;

  static constexpr int kReach = 1;
  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    float least;  // -infinity; GCC makes two instructions of the maximum with a constant
  };
  Kernel kernel(const AreaShape&) const { return {-std::numeric_limits<float>::infinity()}; }

  struct Triple {
    float low, middle, high;
  };
  FL_HD static Triple sorted(float a, float b, float c) {
    const float low = minf(a, b), high = maxf(a, b), between = minf(high, c);
    return {minf(low, between), maxf(low, between), maxf(high, c)};
  }
  FL_HD static float middleOf(float a, float b, float c) { return maxf(minf(a, b), minf(maxf(a, b), c)); }

  /// Rows are sorted first because the windows above and below share them.
  template <class Window>
  FL_HD static Triple row(const Window& at, int y, const Kernel& k, float Pixel::*c) {
    return sorted(maxf(at(-1, y).*c, k.least), maxf(at(0, y).*c, k.least), maxf(at(1, y).*c, k.least));
  }
  template <class Window>
  FL_HD static float channel(const Window& at, const Kernel& k, float Pixel::*c) {
    const Triple above = row(at, -1, k, c), here = row(at, 0, k, c), below = row(at, 1, k, c);
    return middleOf(maxf(maxf(above.low, here.low), below.low), middleOf(above.middle, here.middle, below.middle),
                    minf(minf(above.high, here.high), below.high));
  }
  template <class Window>
  FL_HD static Pixel apply(const Window& at, Position, const Kernel& k) {
    return {channel(at, k, &Pixel::r), channel(at, k, &Pixel::g), channel(at, k, &Pixel::b), channel(at, k, &Pixel::a)};
  }
};

}  // namespace framelane
