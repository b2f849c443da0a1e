#pragma once
// The interpreter of a fused pass: one switch per step, whose cases apply the operation to all pixels of the thread.
#include "cuda/point_layout.cuh"
#include "ops/all.hpp"

namespace framelane::cuda {

template <class Struct, class Layout>
__device__ __forceinline__ void applyPoint(Pixels& pixels, const Layout& at, const PointStep& step) {
  const auto& kernel = step.as<typename Struct::Kernel>();
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = Struct::apply(pixels[i], at.position(i), kernel);
}

/// All four loads of the placed image are under way before the first result is needed.
template <class Struct, class Layout>
__device__ __forceinline__ void applySource(Pixels& pixels, const Layout& at, const PointStep& step,
                                            const SourceView& source) {
  const auto& kernel = step.as<typename Struct::Kernel>();
  const Plane& plane = source.plane;
  Pixels over;
  bool inside[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const int x = at.column(i) - source.x, y = at.row(i) - source.y;
    inside[i] = static_cast<unsigned>(x) < static_cast<unsigned>(plane.width) &&
                static_cast<unsigned>(y) < static_cast<unsigned>(plane.height);
    over[i] = inside[i] ? readRgba(plane, x, y) : Pixel{};
  }
  const float scale = plane.element == Element::u8 ? 1.0f / 255.0f : 1.0f;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (!inside[i]) continue;
    const Pixel s{over[i].r * scale, over[i].g * scale, over[i].b * scale, over[i].a * scale};
    pixels[i] = Struct::apply(pixels[i], s, kernel);
  }
}

template <class Layout>
__device__ __forceinline__ void runSteps(Pixels& pixels, const Layout& at, const PointProgram& program) {
  uint32_t next = program.steps[0].id;
#pragma unroll 1
  for (int i = 0; i < program.stepCount; i++) {
    const PointStep& step = program.steps[i];
    const auto id = static_cast<PointId>(next);
    next = program.steps[min(i + 1, kMaxSteps - 1)].id;  // a constant load whose latency the step's work covers
    switch (id) {
#define FL_POINT(Struct, name)            \
  case PointId::Struct:                   \
    applyPoint<Struct>(pixels, at, step); \
    break;
#define FL_SOURCE(Struct, name)                                          \
  case PointId::Struct:                                                  \
    applySource<Struct>(pixels, at, step, program.sources[step.source]); \
    break;
#include "registry.def"
    }
  }
}

}  // namespace framelane::cuda
