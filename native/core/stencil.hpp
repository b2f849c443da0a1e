#pragma once
// Ops that make a pixel from the ones around it. Their author writes
//
//   static constexpr int kReach     how far a window reaches, up to kMaxReach
//   traits (core/traits.hpp): kSumOne, kPlanar, kOpaqueness
//   bool operator==                 of its values
//   Kernel kernel(AreaShape)        constants, for a plane of that scale
//   template <class Window> FL_HD static Pixel apply(const Window& at, Position, const Kernel&)
//
// and an executor per backend (cpu/stencil.cpp, cuda/stencil.cu) does the rest.
//
// at(dx, dy) is the pixel that far to the right and down; beyond the image, the one at its edge. Colours are 0..1 and
// multiplied by alpha, in the window and in the result, so hidden colours count nowhere; alpha is 1 throughout where the frame
// is opaque. On a plane of one channel a pixel is {v, v, v, 1} with v in codes, and the result's r is stored.
#include "core/op.hpp"

namespace framelane {

constexpr int kMaxReach = 8;

struct Stencil {
  PointStep step;  // its id is a StencilId
  int reach = 0;
  const void* code = nullptr;  // of a custom one, in the device's memory (core/custom_code.hpp)
};

}  // namespace framelane
