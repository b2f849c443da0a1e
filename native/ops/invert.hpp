#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// 1 - c
struct Invert {
  void read(Reader&) {}
  ColorMatrix matrix() const { return ColorMatrix::scaleAndOffset(-1, 1); }
};

}  // namespace framelane
