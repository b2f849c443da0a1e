#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// The HSV hexcone (Smith 1978): hue in sextants 0..6, chroma, and the value (the largest channel).
struct Hexcone {
  float sextant, chroma, value;
};

FL_HD Hexcone hexconeFromRgb(float r, float g, float b) {
  const float value = maxf(r, maxf(g, b));
  const float chroma = value - minf(r, minf(g, b));
#ifdef __CUDA_ARCH__
  const float inverse = reciprocal(chroma);  // the hue of a grey is NaN, which every clamp01 makes 0
#else
  const bool colored = chroma > 1e-5f;
  const float inverse = colored ? reciprocal(colored ? chroma : 1.0f) : 0.0f;
#endif
  const float fromRed = (g - b) * inverse;
  const float fromGreen = 2.0f + (b - r) * inverse;
  const float fromBlue = 4.0f + (r - g) * inverse;
  const float rest = value == g ? fromGreen : fromBlue;
  return {value == r ? fromRed : rest, chroma, value};
}

/// Back to RGB. A hue of -3..3 takes one wrap for all three channels; red is full around 0, green around 2, blue around -2.
FL_HD Pixel rgbFromHexcone(Hexcone h, float alpha) {
  const float hue = h.sextant - 6.0f * nearestInteger(h.sextant * (1.0f / 6.0f));
  const float red = clamp01(absf(hue) - 1.0f);  // how far each channel is from the value towards the least channel
  const float green = clamp01(2.0f - absf(hue + 1.0f));
  const float blue = clamp01(2.0f - absf(hue - 1.0f));
  return {h.value - h.chroma * red, h.value - h.chroma * green, h.value - h.chroma * blue, alpha};
}

/// Turns the hue by `degrees`, keeping HSV saturation and value.
struct Hue {
  double degrees;
  void read(Reader& reader) { degrees = reader.number("degrees"); }

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    float sextants;
  };
  Kernel kernel(Size) const {
    const double turns = degrees / 360;
    return {static_cast<float>(6 * (turns - __builtin_floor(turns)))};
  }

  FL_HD static Pixel firstHalf(Pixel p, const Kernel& k) {
    const Hexcone h = hexconeFromRgb(p.r, p.g, p.b);
    return {h.sextant + k.sextants, h.chroma, h.value, p.a};
  }
  FL_HD static Pixel secondHalf(Pixel h, const Kernel&) { return rgbFromHexcone({h.r, h.g, h.b}, h.a); }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) { return secondHalf(firstHalf(p, k), k); }
};

}  // namespace framelane
