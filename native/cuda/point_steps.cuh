#pragma once
// The interpreter of a fused pass: one switch per step, whose cases apply the operation to all
// pixels of the thread.
#include "cuda/point_layout.cuh"
#include "ops/all.hpp"

namespace framelane::cuda {

template <class Struct, class Layout>
__device__ __forceinline__ void applyPoint(Pixels& pixels, const Layout& at,
                                           const PointStep& step) {
  const auto& kernel = step.as<typename Struct::Kernel>();
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = Struct::apply(pixels[i], at.position(i), kernel);
}

template <class Struct>
__device__ __forceinline__ void combine(Pixels& pixels, const Pixels& over, const bool (&inside)[4],
                                        const typename Struct::Kernel& kernel) {
#pragma unroll
  for (int i = 0; i < 4; i++)
    if (inside[i]) pixels[i] = Struct::apply(pixels[i], over[i], kernel);
}

/// A constant mode: one switch for the thread's pixels instead of one for every channel.
template <Blend::Mode kMode>
__device__ __forceinline__ void blend(Pixels& pixels, const Pixels& over, const bool (&inside)[4],
                                      float opacity) {
  combine<Blend>(pixels, over, inside, {kMode, opacity});
}

template <class Struct>
__device__ __forceinline__ void combineAll(Pixels& pixels, const Pixels& over,
                                           const bool (&inside)[4],
                                           const typename Struct::Kernel& kernel) {
  if constexpr (std::is_same_v<Struct, Blend>) {
    switch (kernel.mode) {
      case Blend::Mode::normal:
        return blend<Blend::Mode::normal>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::multiply:
        return blend<Blend::Mode::multiply>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::screen:
        return blend<Blend::Mode::screen>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::add: return blend<Blend::Mode::add>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::overlay:
        return blend<Blend::Mode::overlay>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::softLight:
        return blend<Blend::Mode::softLight>(pixels, over, inside, kernel.opacity);
      case Blend::Mode::hardLight:
        return blend<Blend::Mode::hardLight>(pixels, over, inside, kernel.opacity);
    }
  } else {
    combine<Struct>(pixels, over, inside, kernel);
  }
}

template <class Sample>
__device__ __forceinline__ void readOver(Pixels& over, const bool (&inside)[4], const int (&x)[4],
                                         const int (&y)[4], const Plane& plane) {
  Sample samples[4];
#pragma unroll
  for (int i = 0; i < 4; i++)
    samples[i] = inside[i] ? sampleAt<const Sample>(plane, x[i], y[i]) : Sample{};
#pragma unroll
  for (int i = 0; i < 4; i++) over[i] = toPixel(samples[i]);
}

template <class Struct, class Layout>
__device__ __forceinline__ void applySource(Pixels& pixels, const Layout& at, const PointStep& step,
                                            const SourceView& source) {
  const Plane& plane = source.plane;
  int x[4], y[4];
  bool inside[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    x[i] = at.column(i) - source.x;
    y[i] = at.row(i) - source.y;
    inside[i] = static_cast<unsigned>(x[i]) < static_cast<unsigned>(plane.width) &&
                static_cast<unsigned>(y[i]) < static_cast<unsigned>(plane.height);
  }
  if (!(inside[0] | inside[1] | inside[2] | inside[3])) return;
  Pixels over;
  if (plane.element == Element::u8) {
    readOver<uint32_t>(over, inside, x, y, plane);
    constexpr float k = 1.0f / 255.0f;
#pragma unroll
    for (Pixel& p : over) p = {k * p.r, k * p.g, k * p.b, k * p.a};
  } else {
    readOver<float4>(over, inside, x, y, plane);
  }
  combineAll<Struct>(pixels, over, inside, step.as<typename Struct::Kernel>());
}

template <class Struct>
__device__ __forceinline__ void applyTable(Pixels& pixels, const PointStep& step,
                                           const SourceView& source) {
  const auto& kernel = step.as<typename Struct::Kernel>();
  const Table table{source.plane.data};
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = Struct::apply(pixels[i], table, kernel);
}

template <class Layout>
__device__ __forceinline__ void runSteps(Pixels& pixels, const Layout& at,
                                         const PointProgram& program) {
#pragma unroll 1
  for (int i = 0; i < program.stepCount; i++) {
    const PointStep& step = program.steps[i];
    switch (static_cast<PointId>(step.id)) {
#define FL_POINT(Struct, name) \
  case PointId::Struct: applyPoint<Struct>(pixels, at, step); break;
#define FL_SOURCE(Struct, name) \
  case PointId::Struct: applySource<Struct>(pixels, at, step, program.sources[step.source]); break;
#define FL_TABLE(Struct, name) \
  case PointId::Struct: applyTable<Struct>(pixels, step, program.sources[step.source]); break;
#include "registry.def"
    }
  }
}

}  // namespace framelane::cuda
