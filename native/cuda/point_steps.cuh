#pragma once
// The interpreter of a fused pass: one switch per step, whose cases apply the operation to all
// pixels of the thread.
#include <utility>

#include "cuda/custom.cuh"
#include "cuda/point_load.cuh"
#include "ops/all.hpp"

namespace framelane::cuda {

template <class Struct, class Layout>
__device__ __forceinline__ void applyPoint(Pixels& pixels, const Layout& at, const PointStep& step) {
  const auto& kernel = step.as<typename Struct::Kernel>();
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = Struct::apply(pixels[i], at.position(i), kernel);
}

template <class Struct, int kVariant>
__device__ __forceinline__ void combineVariant(Pixels& pixels, const Pixels& over, const bool (&inside)[4],
                                               const typename Struct::Kernel& kernel) {
#pragma unroll
  for (int i = 0; i < 4; i++)
    if (inside[i]) pixels[i] = Struct::template applyVariant<kVariant>(pixels[i], over[i], kernel);
}

/// One switch for the thread's pixels instead of one for every channel.
template <class Struct, int... kVariant>
__device__ __forceinline__ void combineVariants(std::integer_sequence<int, kVariant...>, Pixels& pixels,
                                                const Pixels& over, const bool (&inside)[4],
                                                const typename Struct::Kernel& kernel) {
  const int variant = Struct::variant(kernel);
  ((variant == kVariant ? combineVariant<Struct, kVariant>(pixels, over, inside, kernel) : void()), ...);
}

template <class Struct>
__device__ __forceinline__ void combine(Pixels& pixels, const Pixels& over, const bool (&inside)[4],
                                        const typename Struct::Kernel& kernel) {
  if constexpr (HasVariants<Struct>) {
    combineVariants<Struct>(std::make_integer_sequence<int, Struct::kVariants>{}, pixels, over, inside, kernel);
  } else {
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (inside[i]) pixels[i] = Struct::apply(pixels[i], over[i], kernel);
  }
}

template <class Sample>
__device__ __forceinline__ void readOver(Pixels& over, const bool (&inside)[4], const int (&x)[4], const int (&y)[4],
                                         const Plane& plane) {
  Sample samples[4];
#pragma unroll
  for (int i = 0; i < 4; i++) samples[i] = inside[i] ? sampleAt<const Sample>(plane, x[i], y[i]) : Sample{};
#pragma unroll
  for (int i = 0; i < 4; i++) over[i] = toPixel(samples[i]);
}

/// An operand's pixels under the thread's, where it covers them; false where it covers none.
template <class Layout>
__device__ __forceinline__ bool readOperand(Pixels& over, bool (&inside)[4], const Layout& at,
                                            const SourceView& operand) {
  const Plane& plane = operand.plane;
  int x[4], y[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    x[i] = at.column(i) - operand.x;
    y[i] = at.row(i) - operand.y;
    inside[i] = static_cast<unsigned>(x[i]) < static_cast<unsigned>(plane.width) &&
                static_cast<unsigned>(y[i]) < static_cast<unsigned>(plane.height);
  }
  if (!(inside[0] | inside[1] | inside[2] | inside[3])) return false;
  if (plane.element == Element::u8) {
    readOver<uint32_t>(over, inside, x, y, plane);
    constexpr float k = 1.0f / 255.0f;
#pragma unroll
    for (Pixel& p : over) p = {k * p.r, k * p.g, k * p.b, k * p.a};
  } else {
    readOver<float4>(over, inside, x, y, plane);
  }
  return true;
}

template <class Struct, class Layout>
__device__ __forceinline__ void applySource(Pixels& pixels, const Layout& at, const PointStep& step,
                                            const SourceView* operands) {
  Pixels over;
  bool inside[4];
  if (readOperand(over, inside, at, operands[0]))
    combine<Struct>(pixels, over, inside, step.as<typename Struct::Kernel>());
}

/// One pixel of an operand; false where it does not cover the pixel.
template <class Layout>
__device__ __forceinline__ bool readOperand(Pixel& over, const Layout& at, int i, const SourceView& operand) {
  const Plane& plane = operand.plane;
  const int x = at.column(i) - operand.x, y = at.row(i) - operand.y;
  if (static_cast<unsigned>(x) >= static_cast<unsigned>(plane.width) ||
      static_cast<unsigned>(y) >= static_cast<unsigned>(plane.height))
    return false;
  if (plane.element == Element::u8) {
    constexpr float k = 1.0f / 255.0f;
    const Pixel p = toPixel(sampleAt<const uint32_t>(plane, x, y));
    over = {k * p.r, k * p.g, k * p.b, k * p.a};
  } else {
    over = toPixel(sampleAt<const float4>(plane, x, y));
  }
  return true;
}

/// Pixel by pixel: two operands of four pixels at once would cost every pass registers, and a third of its speed.
template <class Struct, class Layout>
__device__ __forceinline__ void applyMasked(Pixels& pixels, const Layout& at, const PointStep& step,
                                            const SourceView* operands) {
  const auto& kernel = step.as<typename Struct::Kernel>();
#pragma unroll
  for (int i = 0; i < 4; i++) {
    Pixel over, mask;
    if (readOperand(over, at, i, operands[0]) && readOperand(mask, at, i, operands[1]))
      pixels[i] = Struct::apply(pixels[i], over, mask, kernel);
  }
}

template <class Struct>
__device__ __forceinline__ void applyTable(Pixels& pixels, const PointStep& step, const SourceView& source) {
  const auto& kernel = step.as<typename Struct::Kernel>();
  const Table table{source.plane.data};
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = Struct::apply(pixels[i], table, kernel);
}

/// `operands` is only looked at by those that have some.
template <class Struct, class Layout>
__device__ __forceinline__ void applyStep(Pixels& pixels, const Layout& at, const PointStep& step,
                                          const SourceView* operands) {
  if constexpr (TakesMask<Struct>)
    applyMasked<Struct>(pixels, at, step, operands);
  else if constexpr (TakesSource<Struct>)
    applySource<Struct>(pixels, at, step, operands);
  else if constexpr (TakesTable<Struct>)
    applyTable<Struct>(pixels, step, operands[0]);
  else
    applyPoint<Struct>(pixels, at, step);
}

template <class Layout, bool kCoded>
__device__ __forceinline__ void runSteps(Pixels& pixels, const Layout& at, const PointProgram& program) {
#pragma unroll 1
  for (int i = 0; i < program.stepCount; i++) {
    const PointStep& step = program.steps[i];
    switch (static_cast<PointId>(step.id)) {
#define FL_POINT(Struct, name)                                          \
  case PointId::Struct:                                                 \
    applyStep<Struct>(pixels, at, step, program.sources + step.source); \
    break;
#define FL_CODED_POINT(Struct, name)                                                    \
  case PointId::Struct:                                                                 \
    if constexpr (kCoded)                                                               \
      runCode<kPointThreads>(                                                           \
          pixels, {program.sources[step.source].plane.data, step.as<custom::Kernel>()}, \
          [&](int pixel) { return at.position(pixel); }, NoTaps{});                     \
    break;
#include "ops/registry.def"
    }
  }
}

}  // namespace framelane::cuda
