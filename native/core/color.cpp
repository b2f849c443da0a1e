#include "core/color.hpp"

#include <cmath>

namespace framelane {

bool ColorMatrix::isIdentity() const {
  // 1e-7 of full scale is far below what f32 storage resolves.
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++)
      if (std::abs(m[i][j] - (i == j ? 1.0 : 0.0)) > 1e-7) return false;
  return std::abs(alpha - 1) <= 1e-7;
}

ColorMatrix compose(const ColorMatrix& second, const ColorMatrix& first) {
  ColorMatrix result;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++) {
      result.m[i][j] = j == 3 ? second.m[i][3] : 0.0;
      for (int k = 0; k < 3; k++) result.m[i][j] += second.m[i][k] * first.m[k][j];
    }
  result.alpha = second.alpha * first.alpha;
  return result;
}

namespace {

struct LumaWeights {
  double red, blue;
};

LumaWeights lumaWeights(Matrix matrix) {
  switch (matrix) {
    case Matrix::bt601: return {0.299, 0.114};
    case Matrix::bt709: return {0.2126, 0.0722};
    case Matrix::bt2020: return {0.2627, 0.0593};
  }
  return {0.2126, 0.0722};
}

/// How far E'Y and E'C of 0..1 reach in code values, and where they are 0.
struct Quantisation {
  double lumaScale, lumaOffset, chromaScale, chromaOffset;

  Quantisation(Range range, int bits) {
    const double full = (1 << bits) - 1, step = (1 << bits) / 256.0;
    const bool limited = range == Range::limited;
    lumaScale = limited ? 219 * step : full;
    lumaOffset = limited ? 16 * step : 0;
    chromaScale = limited ? 224 * step : full;
    chromaOffset = 128 * step;
  }
};

}  // namespace

ColorMatrix yuvFromRgb(Color color, int bits) {
  const auto [kr, kb] = lumaWeights(color.matrix);
  const double kg = 1 - kr - kb;
  const Quantisation codes(color.range, bits);
  const double luma = codes.lumaScale;
  const double u = codes.chromaScale / (2 * (1 - kb));
  const double v = codes.chromaScale / (2 * (1 - kr));
  ColorMatrix result;
  const double rows[3][4] = {{kr * luma, kg * luma, kb * luma, codes.lumaOffset},
                             {-kr * u, -kg * u, (1 - kb) * u, codes.chromaOffset},
                             {(1 - kr) * v, -kg * v, -kb * v, codes.chromaOffset}};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++) result.m[i][j] = rows[i][j];
  return result;
}

ColorMatrix rgbFromYuv(Color color, int bits) {
  const auto [kr, kb] = lumaWeights(color.matrix);
  const double kg = 1 - kr - kb;
  const Quantisation codes(color.range, bits);
  const double luma = 1 / codes.lumaScale;
  const double chroma = 1 / codes.chromaScale;
  const double rv = 2 * (1 - kr) * chroma;
  const double bu = 2 * (1 - kb) * chroma;
  const double gu = -bu * kb / kg;
  const double gv = -rv * kr / kg;
  const double rows[3][3] = {{luma, 0, rv}, {luma, gu, gv}, {luma, bu, 0}};
  ColorMatrix result;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) result.m[i][j] = rows[i][j];
    result.m[i][3] = -codes.lumaOffset * rows[i][0] - codes.chromaOffset * (rows[i][1] + rows[i][2]);
  }
  return result;
}

PackedMatrix pack(const ColorMatrix& matrix) {
  PackedMatrix result{};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++) result.m[i * 4 + j] = static_cast<float>(matrix.m[i][j]);
  result.alpha = static_cast<float>(matrix.alpha);
  return result;
}

}  // namespace framelane
