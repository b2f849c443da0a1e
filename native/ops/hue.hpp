#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// The HSV hexcone (Smith 1978): hue in sextants 0..6, chroma, and the value (the largest channel).
struct Hexcone {
  float sextant, chroma, value;
};

FL_HD Hexcone hexconeFromRgb(float r, float g, float b) {
  const float value = maxf(r, maxf(g, b));
  const float chroma = value - minf(r, minf(g, b));
  const bool colored = chroma > 1e-5f;
  const float inverse = colored ? reciprocal(colored ? chroma : 1.0f) : 0.0f;
  const float fromRed = (g - b) * inverse;
  const float fromGreen = 2.0f + (b - r) * inverse;
  const float fromBlue = 4.0f + (r - g) * inverse;
  const float rest = value == g ? fromGreen : fromBlue;
  return {value == r ? fromRed : rest, chroma, value};
}

/// One channel of the hexcone back to RGB: n is 5 for red, 3 for green, 1 for blue.
FL_HD float hexconeChannel(float n, float sextant, float chroma, float value) {
  float k = n + sextant;
  k -= 6.0f * floorFast(k * (1.0f / 6.0f));
  return value - chroma * clamp01(minf(k, 4.0f - k));
}

/// Turns the hue by `degrees`, keeping HSV saturation and value.
struct Hue {
  double degrees;
  void read(Reader& reader) { degrees = reader.number("degrees"); }

  struct Kernel {
    float sextants;
  };
  Kernel kernel(Size) const {
    const double turns = degrees / 360;
    return {static_cast<float>(6 * (turns - __builtin_floor(turns)))};
  }

  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) {
    const Hexcone h = hexconeFromRgb(p.r, p.g, p.b);
    const float turned = h.sextant + k.sextants;
    return {hexconeChannel(5.0f, turned, h.chroma, h.value), hexconeChannel(3.0f, turned, h.chroma, h.value),
            hexconeChannel(1.0f, turned, h.chroma, h.value), p.a};
  }
};

}  // namespace framelane
