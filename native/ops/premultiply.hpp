#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

struct NoParameters {
  float unused;
};

/// Before a store that has no alpha: what is left is the image over black.
struct Premultiply {
  using Kernel = NoParameters;
  void read(Reader&) {}
  Kernel kernel(Size) const { return {}; }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel&) { return {p.r * p.a, p.g * p.a, p.b * p.a, p.a}; }
};

}  // namespace framelane
