#pragma once
// Affine colour maps. Every linear colour operation is one of these, so neighbours fold into one (in double precision),
// and so do the YUV load before them and the YUV store after them.
#include "core/format.hpp"

namespace framelane {

/// rgb' = m * (r, g, b, 1);  a' = alpha * a.
struct ColorMatrix {
  double m[3][4] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}};
  double alpha = 1;

  static ColorMatrix scaleAndOffset(double scale, double offset, double alphaScale = 1) {
    ColorMatrix result;
    for (int i = 0; i < 3; i++) {
      result.m[i][i] = scale;
      result.m[i][3] = offset;
    }
    result.alpha = alphaScale;
    return result;
  }

  /// identity + amount * (other - identity)
  static ColorMatrix lerpFromIdentity(const ColorMatrix& other, double amount) {
    ColorMatrix result;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 4; j++) result.m[i][j] += amount * (other.m[i][j] - result.m[i][j]);
    result.alpha = 1 + amount * (other.alpha - 1);
    return result;
  }

  bool isIdentity() const;
};

/// The map that applies `first`, then `second`.
ColorMatrix compose(const ColorMatrix& second, const ColorMatrix& first);

/// Code values (0 .. 2^bits - 1) from RGB 0..1, and back. ITU-R BT.601-7, BT.709-6, BT.2020-2 (non-constant luminance);
/// quantisation by ITU-T H.273 (8.3): limited range scales with 2^(bits - 8), full range with 2^bits - 1.
ColorMatrix yuvFromRgb(Color color, int bits);
ColorMatrix rgbFromYuv(Color color, int bits);

/// A matrix in the form the kernels take.
struct PackedMatrix {
  float m[12];  // row-major 3x4
  float alpha;
  bool operator==(const PackedMatrix&) const = default;
};
PackedMatrix pack(const ColorMatrix& matrix);

}  // namespace framelane
