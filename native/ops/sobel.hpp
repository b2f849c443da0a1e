#pragma once
#include "core/op.hpp"

namespace framelane {

/// The length of the gradient, channel by channel, of the frame over black; the result is opaque.
struct Sobel {
  void read(Reader&) {}
  bool operator==(const Sobel&) const = default;

  static constexpr int kReach = 1;
  static constexpr Opaqueness kOpaqueness = Opaqueness::makes;
  struct Kernel {};
  Kernel kernel(const AreaShape&) const { return {}; }

  template <class Window>
  FL_HD static float channel(const Window& at, float Pixel::*c) {
    const float topLeft = at(-1, -1).*c, topRight = at(1, -1).*c, bottomLeft = at(-1, 1).*c, bottomRight = at(1, 1).*c;
    const float falling = bottomRight - topLeft, rising = topRight - bottomLeft;
    const float x = 2.0f * (at(1, 0).*c - at(-1, 0).*c) + (falling + rising);
    const float y = 2.0f * (at(0, 1).*c - at(0, -1).*c) + (falling - rising);
    return sqrtFast(x * x + y * y);
  }
  template <class Window>
  FL_HD static Pixel apply(const Window& at, Position, const Kernel&) {
    return {channel(at, &Pixel::r), channel(at, &Pixel::g), channel(at, &Pixel::b), 1.0f};
  }
};

}  // namespace framelane
