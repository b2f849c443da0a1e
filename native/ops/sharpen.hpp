#pragma once
#include "core/op.hpp"

namespace framelane {

/// Takes so much of the Laplacian away. Neighbours count by their alpha, and alpha itself stays: sharpening it too would
/// leave 0..1 along every outline.
struct Sharpen {
  double strength;
  bool operator==(const Sharpen&) const = default;
  void read(Reader& reader) { strength = reader.number("strength"); }

  static constexpr int kReach = 1;
  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  static constexpr bool kSumOne = true;
  static constexpr bool kPlanar = true;
  struct Kernel {
    float x, y;
  };
  /// Replicating the samples of a plane with half the columns, sharpening, and averaging the pairs halves the weights.
  Kernel kernel(const AreaShape& shape) const {
    return {static_cast<float>(strength * shape.scaleX), static_cast<float>(strength * shape.scaleY)};
  }

  /// As differences, so that what is flat stays as it is to the last bit.
  template <class Window>
  FL_HD static float channel(const Window& at, const Kernel& k, float Pixel::*c) {
    const Pixel pixel = at(0, 0), left = at(-1, 0), right = at(1, 0), above = at(0, -1), below = at(0, 1);
    const float across = (left.a + right.a) * pixel.*c - pixel.a * (left.*c + right.*c);
    const float down = (above.a + below.a) * pixel.*c - pixel.a * (above.*c + below.*c);
    return pixel.*c + k.x * across + k.y * down;
  }
  template <class Window>
  FL_HD static Pixel apply(const Window& at, Position, const Kernel& k) {
    return {channel(at, k, &Pixel::r), channel(at, k, &Pixel::g), channel(at, k, &Pixel::b), at(0, 0).a};
  }
};

}  // namespace framelane
