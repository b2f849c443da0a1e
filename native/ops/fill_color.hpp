#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// Every pixel becomes the colour.
struct FillColor {
  Rgba color;
  void read(Reader& reader) { color = reader.color("color"); }
  Opaqueness opaqueness() const { return color.a == 1 ? Opaqueness::makes : Opaqueness::breaks; }

  static constexpr bool kGenerates = true;
  using Kernel = Pixel;
  Kernel kernel(Size) const { return {color.r, color.g, color.b, color.a}; }

  FL_HD static Pixel apply(Pixel, Position, const Kernel& k) { return k; }
};

}  // namespace framelane
