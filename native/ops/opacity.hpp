#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// alpha * factor
struct Opacity {
  double factor;
  void read(Reader& reader) { factor = reader.number("factor"); }
  ColorMatrix matrix() const { return ColorMatrix::scaleAndOffset(1, 0, factor); }
};

}  // namespace framelane
