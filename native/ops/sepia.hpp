#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// lerp(c, M c, intensity) with the usual sepia matrix (the one of W3C Filter Effects 1, sepia(1)).
struct Sepia {
  double intensity;
  void read(Reader& reader) { intensity = reader.number("intensity"); }
  ColorMatrix matrix() const {
    constexpr double sepia[3][3] = {{0.393, 0.769, 0.189}, {0.349, 0.686, 0.168}, {0.272, 0.534, 0.131}};
    ColorMatrix full;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++) full.m[i][j] = sepia[i][j];
    return ColorMatrix::lerpFromIdentity(full, intensity);
  }
};

}  // namespace framelane
