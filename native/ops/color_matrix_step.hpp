#pragma once
#include "core/color.hpp"
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Folded affine operations between two other steps; at either end of a pass they join the load or the store instead.
struct ColorMatrixStep {
  using Kernel = PackedMatrix;
  void read(Reader&) {}
  Kernel kernel(Size) const { return {}; }

  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) {
    return {k.m[0] * p.r + k.m[1] * p.g + k.m[2] * p.b + k.m[3], k.m[4] * p.r + k.m[5] * p.g + k.m[6] * p.b + k.m[7],
            k.m[8] * p.r + k.m[9] * p.g + k.m[10] * p.b + k.m[11], k.alpha * p.a};
  }
};

}  // namespace framelane
