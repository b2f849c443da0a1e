#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// Blends towards a colour with the distance from the centre: u, v = -1..1 across the pixel centres of the frame,
/// d = sqrt(u^2 + v^2), k = smoothstep(radius - softness/2, radius + softness/2, d) * color.a. A one-pixel axis has u = 0.
struct Vignette {
  double radius, softness;
  Rgba color;
  void read(Reader& reader) {
    radius = reader.number("radius");
    softness = reader.number("softness");
    color = reader.color("color");
  }

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  static constexpr bool kPositional = true;
  struct Kernel {
    float scaleX, offsetX, scaleY, offsetY;
    float slope, start;  // t = d * slope + start
    float r, g, b, amount;
  };
  Kernel kernel(Size size) const {
    const double width = softness > 1e-6 ? softness : 1e-6;
    const auto axis = [](int n) { return n > 1 ? 2.0 / (n - 1) : 0.0; };
    const double sx = axis(size.width), sy = axis(size.height);
    return {static_cast<float>(sx),
            size.width > 1 ? -1.0f : 0.0f,
            static_cast<float>(sy),
            size.height > 1 ? -1.0f : 0.0f,
            static_cast<float>(1 / width),
            static_cast<float>(-(radius - softness / 2) / width),
            color.r,
            color.g,
            color.b,
            color.a};
  }

  FL_HD static Pixel apply(Pixel p, Position at, const Kernel& k) {
    const float u = at.x * k.scaleX + k.offsetX;
    const float v = at.y * k.scaleY + k.offsetY;
    const float amount = smoothstep01(sqrtFast(u * u + v * v) * k.slope + k.start) * k.amount;
    return {mix(p.r, k.r, amount), mix(p.g, k.g, amount), mix(p.b, k.b, amount), p.a};
  }
};

}  // namespace framelane
