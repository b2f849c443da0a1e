#pragma once
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// The rectangle (x, y, width, height); what lies outside the image is transparent black.
struct Crop {
  int x, y, width, height;
  void read(Reader& reader) {
    x = reader.integer("x");
    y = reader.integer("y");
    width = reader.integer("width");
    height = reader.integer("height");
  }
  View view(Size) const { return {x, y, width, height, false, false}; }
};

}  // namespace framelane
