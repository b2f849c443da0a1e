#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Every pixel becomes the colour.
struct FillColor {
  Rgba color;
  void read(Reader& reader) { color = reader.color("color"); }
  bool opaque(bool, Size) const { return color.a == 1; }

  static constexpr bool kGenerates = true;
  using Kernel = Pixel;
  Kernel kernel(Size) const { return {color.r, color.g, color.b, color.a}; }

  FL_HD static Pixel apply(Pixel, Position, const Kernel& k) { return k; }
};

}  // namespace framelane
