#pragma once
#include "core/color.hpp"
#include "core/reader.hpp"

namespace framelane {

/// c + factor
struct Brightness {
  double factor;
  void read(Reader& reader) { factor = reader.number("factor"); }
  ColorMatrix matrix() const { return ColorMatrix::scaleAndOffset(1, factor); }
};

}  // namespace framelane
