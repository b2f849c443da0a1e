#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Where an op has a mask: base + (changed - base) m, of premultiplied colours so that a hidden colour does not show;
/// m = luma of the mask (ITU-R BT.709) times its alpha, clamped to 0..1.
struct Mix {
  void read(Reader&) {}
  static constexpr int kOperands = 2;
  struct Kernel {
    float unused;
  };
  Kernel kernel(Size) const { return {}; }
  Point place(Size, Size) const { return {}; }

  FL_HD static Pixel apply(Pixel base, Pixel changed, Pixel mask, const Kernel&) {
    const float m = clamp01((0.2126f * mask.r + 0.7152f * mask.g + 0.0722f * mask.b) * mask.a);
    const float alpha = mix(base.a, changed.a, m);
    const bool visible = alpha > 1e-6f;
    const float inverse = visible ? reciprocal(visible ? alpha : 1.0f) : 0.0f;
    const float was = base.a * (1.0f - m) * inverse, is = changed.a * m * inverse;
    return {base.r * was + changed.r * is, base.g * was + changed.g * is, base.b * was + changed.b * is, alpha};
  }
};

}  // namespace framelane
