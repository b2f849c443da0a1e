#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// (c - 0.5) * factor + 0.5
struct Contrast {
  double factor;
  void read(Reader& reader) { factor = reader.number("factor"); }
  ColorMatrix matrix() const { return ColorMatrix::scaleAndOffset(factor, 0.5 - 0.5 * factor); }
};

}  // namespace framelane
