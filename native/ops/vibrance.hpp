#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"
#include "ops/hue.hpp"

namespace framelane {

/// Saturation that spares saturated colours and skin: S' = clamp01(S + k amount (1 - S) S), k = 0.3 for hues
/// 330..50 degrees, else 1; pixels with S < 0.001 stay as they are.
struct Vibrance {
  double amount;
  void read(Reader& reader) { amount = reader.number("amount"); }

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    float amount;
  };
  Kernel kernel(Size) const { return {static_cast<float>(amount)}; }

  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) {
    const Hexcone h = hexconeFromRgb(p.r, p.g, p.b);
    const bool visible = h.value > 1e-5f;
    const float saturation = visible ? h.chroma * reciprocal(visible ? h.value : 1.0f) : 0.0f;
    const float sextant = h.sextant < 0.0f ? h.sextant + 6.0f : h.sextant;
    const bool skin = (sextant <= 50.0f / 60.0f) | (sextant >= 330.0f / 60.0f);
    const float amount = skin ? 0.3f * k.amount : k.amount;
    const float target = clamp01(saturation + amount * (1.0f - saturation) * saturation);
    // Every channel is value - chroma * x, so a new saturation scales its distance from the value.
    const bool colored = saturation >= 0.001f;
    const float ratio = colored ? target * reciprocal(colored ? saturation : 1.0f) : 1.0f;
    return {h.value - (h.value - p.r) * ratio, h.value - (h.value - p.g) * ratio, h.value - (h.value - p.b) * ratio,
            p.a};
  }
};

}  // namespace framelane
