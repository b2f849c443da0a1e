#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// L + (c - L) * factor, L = Rec.601 luma
struct Saturation {
  double factor;
  void read(Reader& reader) { factor = reader.number("factor"); }
  ColorMatrix matrix() const {
    constexpr double luma[3] = {0.299, 0.587, 0.114};
    ColorMatrix gray;
    for (auto& row : gray.m)
      for (int j = 0; j < 3; j++) row[j] = luma[j];
    return ColorMatrix::lerpFromIdentity(gray, 1 - factor);
  }
};

}  // namespace framelane
