#pragma once
// The interpreter of custom ops, compiled once per instruction set like the kernels (cpu/kernels.hpp). Only plain data crosses.
#include "core/custom_code.hpp"

namespace framelane::cpu {

/// A run of pixels of one row.
struct CustomRun {
  const custom::Kernel* kernel;
  const uint32_t* code;      // constants, then instructions
  const float* inputs[4];    // channels; no alpha is an alpha of 1
  float* outputs[4];         // what is written may be the inputs; channels that the code leaves alone are not touched
  float x, y;                // of the first pixel
  int count;                 // a multiple of 16, up to kMostOfRun
  const float* const* rows;  // stencils: the rows around, from `reach` above on; of the first pixel's column
  int reach;
  ptrdiff_t plane;  // from a channel of those rows to the next; they have no alpha where `inputs` has none
};

constexpr int kMostOfRun = 256;

#define FL_DECLARE_CUSTOM(isa)          \
  namespace isa {                       \
  void runCustom(const CustomRun& run); \
  }
FL_DECLARE_CUSTOM(baseline)
FL_DECLARE_CUSTOM(avx2)
FL_DECLARE_CUSTOM(avx512)
#undef FL_DECLARE_CUSTOM

}  // namespace framelane::cpu
