#pragma once
#include "core/traits.hpp"
#include "ops/color_matrix_step.hpp"
#include "ops/premultiply.hpp"

namespace framelane {

/// What storing to rgba8 and loading from it makes of a pixel, bit for bit: between two operations on an 8-bit image.
struct Quantise {
  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  using Kernel = NoParameters;
  void read(Reader&) {}
  Kernel kernel(Size) const { return {}; }

  static constexpr float kUnit = static_cast<float>(1.0 / 255);

#ifdef __CUDA_ARCH__
  // As cuda/pixel.cuh stores unit values: the product is not rounded, and the code lies in bits 8..15.
  FL_HD static float rounded(float v) {
    const float placed = __fmaf_rd(__saturatef(v), 255.0f, 32768.5f);
    return (__uint_as_float(__byte_perm(__float_as_uint(placed), 0x4B000000u, 0x7441)) - 8388608.0f) * kUnit;
  }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel&) {
    return {rounded(p.r), rounded(p.g), rounded(p.b), rounded(p.a)};
  }
#else
  FL_HD static float rounded(float code) {
    return static_cast<float>(static_cast<int>(minf(maxf(code, 0.0f), 255.0f) + 0.5f)) * kUnit;
  }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel&) {
    // The store multiplies by a whole matrix: a channel that is no number spoils its neighbours there, too.
    constexpr PackedMatrix kCodes{{255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0}, 255};
    const Pixel codes = ColorMatrixStep::apply(p, {}, kCodes);
    return {rounded(codes.r), rounded(codes.g), rounded(codes.b), rounded(codes.a)};
  }
#endif
};

}  // namespace framelane
