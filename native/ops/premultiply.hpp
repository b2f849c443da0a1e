#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

struct NoParameters {
  float unused;
};

/// Around area ops on images with alpha, and before a store that has none (which is compositing over black).
struct Premultiply {
  using Kernel = NoParameters;
  void read(Reader&) {}
  Kernel kernel(Size) const { return {}; }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel&) { return {p.r * p.a, p.g * p.a, p.b * p.a, p.a}; }
};

/// The inverse; a pixel whose alpha is (next to) nothing becomes transparent black.
struct Unpremultiply {
  using Kernel = NoParameters;
  void read(Reader&) {}
  Kernel kernel(Size) const { return {}; }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel&) {
    const bool visible = p.a > 1e-6f;
    const float inverse = visible ? 1.0f / (visible ? p.a : 1.0f) : 0.0f;
    return {p.r * inverse, p.g * inverse, p.b * inverse, p.a};
  }
};

}  // namespace framelane
