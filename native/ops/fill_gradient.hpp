#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// from + (to - from) t, straight, alpha too. u, v = 0..1 across the pixel centres (1/2 on a one-pixel axis).
/// horizontal t = u; vertical t = v; diagonal t = (u + v) / 2; radial t = min(1, sqrt(2) |(u, v) - 1/2|), which is 1 in the
/// corners. seamless: t goes up to the middle and down again.
struct FillGradient {
  enum class Direction { horizontal, vertical, diagonal, radial };
  Rgba from, to;
  Direction direction;
  bool seamless;
  void read(Reader& reader) {
    from = reader.color("from");
    to = reader.color("to");
    direction = readEnum<Direction>(reader, "direction", {"horizontal", "vertical", "diagonal", "radial"});
    seamless = reader.boolean("seamless");
  }
  Opaqueness opaqueness() const { return from.a == 1 && to.a == 1 ? Opaqueness::makes : Opaqueness::breaks; }

  static constexpr bool kGenerates = true;
  static constexpr bool kPositional = true;
  struct Kernel {
    Pixel from, delta;
    float scaleX, offsetX, scaleY, offsetY;  // u and v; the linear directions weigh them so that t = u + v
    uint16_t radial, seamless;
    float unused;
  };
  Kernel kernel(Size size) const {
    const auto axis = [](int n) { return n > 1 ? 1.0 / (n - 1) : 0.0; };
    const auto offset = [](int n) { return n > 1 ? 0.0 : 0.5; };
    const double weightX = direction == Direction::vertical ? 0 : direction == Direction::diagonal ? 0.5 : 1;
    const double weightY = direction == Direction::horizontal ? 0 : direction == Direction::diagonal ? 0.5 : 1;
    const double centre = direction == Direction::radial ? -0.5 : 0;
    const auto f = [](double v) { return static_cast<float>(v); };
    return {{from.r, from.g, from.b, from.a},
            {to.r - from.r, to.g - from.g, to.b - from.b, to.a - from.a},
            f(weightX * axis(size.width)),
            f(weightX * offset(size.width) + centre),
            f(weightY * axis(size.height)),
            f(weightY * offset(size.height) + centre),
            direction == Direction::radial,
            seamless,
            0};
  }

  FL_HD static Pixel apply(Pixel, Position at, const Kernel& k) {
    const float u = at.x * k.scaleX + k.offsetX;
    const float v = at.y * k.scaleY + k.offsetY;
    float t = k.radial ? 1.41421356f * sqrtFast(u * u + v * v) : u + v;
    t = clamp01(t);
    t = k.seamless ? (t < 0.5f ? 2.0f * t : 2.0f - 2.0f * t) : t;
    return {k.from.r + k.delta.r * t, k.from.g + k.delta.g * t, k.from.b + k.delta.b * t, k.from.a + k.delta.a * t};
  }
};

}  // namespace framelane
