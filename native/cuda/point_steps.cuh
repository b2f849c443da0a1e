#pragma once
// The interpreter of a fused pass: one switch per step, whose cases apply the operation to all pixels of the thread.
#include "cuda/point_layout.cuh"
#include "ops/all.hpp"

namespace framelane::cuda {

template <class Struct, class Layout>
__device__ __forceinline__ void applyPoint(Pixel (&pixels)[Layout::kPixels], const Layout& at,
                                           const PointStep& step) {
  const auto& kernel = step.as<typename Struct::Kernel>();
#pragma unroll
  for (int i = 0; i < Layout::kPixels; i++)
    pixels[i] = Struct::apply(pixels[i], at.position(i), kernel);
}

/// Four pixels of the placed image at a time: all four loads are under way before the first result is needed.
template <class Struct, class Layout>
__device__ __forceinline__ void applySource(Pixel (&pixels)[Layout::kPixels], const Layout& at,
                                            const PointStep& step, const SourceView& source) {
  const auto& kernel = step.as<typename Struct::Kernel>();
  const bool bytes = source.plane.element == Element::u8;
#pragma unroll
  for (int first = 0; first < Layout::kPixels; first += 4) {
    Pixel over[4];
    bool inside[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const int x = at.column(first + i) - source.x, y = at.row(first + i) - source.y;
      inside[i] = static_cast<unsigned>(x) < static_cast<unsigned>(source.plane.width) &&
                  static_cast<unsigned>(y) < static_cast<unsigned>(source.plane.height);
      over[i] = inside[i] ? readRgba(source.plane, x, y) : Pixel{};
    }
    const float scale = bytes ? 1.0f / 255.0f : 1.0f;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const Pixel s{over[i].r * scale, over[i].g * scale, over[i].b * scale, over[i].a * scale};
      if (inside[i]) pixels[first + i] = Struct::apply(pixels[first + i], s, kernel);
    }
  }
}

template <class Layout>
__device__ __forceinline__ void runSteps(Pixel (&pixels)[Layout::kPixels], const Layout& at,
                                         const PointProgram& program) {
#pragma unroll 1
  for (int i = 0; i < program.stepCount; i++) {
    const PointStep& step = program.steps[i];
    switch (static_cast<PointId>(step.id)) {
#define FL_POINT(Struct, name)               \
  case PointId::Struct:                      \
    applyPoint<Struct>(pixels, at, step);    \
    break;
#define FL_SOURCE(Struct, name)                                                 \
  case PointId::Struct:                                                         \
    applySource<Struct>(pixels, at, step, program.sources[step.source]);        \
    break;
#include "registry.def"
    }
  }
}

}  // namespace framelane::cuda
