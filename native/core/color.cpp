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

}  // namespace

ColorMatrix yuvFromRgb(Color color) {
  const auto [kr, kb] = lumaWeights(color.matrix);
  const double kg = 1 - kr - kb;
  const bool limited = color.range == Range::limited;
  const double lumaScale = limited ? 219 : 255;
  const double chromaScale = limited ? 224 : 255;
  const double lumaOffset = limited ? 16 : 0;
  const double u = chromaScale / (2 * (1 - kb));
  const double v = chromaScale / (2 * (1 - kr));
  ColorMatrix result;
  const double rows[3][4] = {{kr * lumaScale, kg * lumaScale, kb * lumaScale, lumaOffset},
                             {-kr * u, -kg * u, (1 - kb) * u, 128},
                             {(1 - kr) * v, -kg * v, -kb * v, 128}};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++) result.m[i][j] = rows[i][j];
  return result;
}

ColorMatrix rgbFromYuv(Color color) {
  const auto [kr, kb] = lumaWeights(color.matrix);
  const double kg = 1 - kr - kb;
  const bool limited = color.range == Range::limited;
  const double luma = 1.0 / (limited ? 219 : 255);
  const double chroma = 1.0 / (limited ? 224 : 255);
  const double lumaOffset = limited ? 16 : 0;
  const double rv = 2 * (1 - kr) * chroma;
  const double bu = 2 * (1 - kb) * chroma;
  const double gu = -bu * kb / kg;
  const double gv = -rv * kr / kg;
  const double rows[3][3] = {{luma, 0, rv}, {luma, gu, gv}, {luma, bu, 0}};
  ColorMatrix result;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) result.m[i][j] = rows[i][j];
    result.m[i][3] = -lumaOffset * rows[i][0] - 128 * (rows[i][1] + rows[i][2]);
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
