// Strips: a piece of a row as four float arrays. Included by the ISA units only (see
// point_isa.inl).
#pragma once
#include <type_traits>

#include "core/program.hpp"
#include "ops/all.hpp"

namespace framelane::cpu::FL_ISA {
namespace {

// 256 pixels x 4 channels are 4 KiB: two strips (a 4:2:0 row pair), a source strip and the raw
// samples fit in 32 KiB of L1.
constexpr int kStrip = 256;

struct Strip {
  alignas(64) float r[kStrip];
  alignas(64) float g[kStrip];
  alignas(64) float b[kStrip];
  alignas(64) float a[kStrip];
};

/// The strip that the steps of a pass work on.
struct StripContext {
  const PointProgram& program;
  int x, y, count;
};

// Evaluated by the compiler, so that no out-of-line layoutInfo() comes out of this unit.
constexpr LayoutInfo kLayouts[] = {layoutInfo(Layout::rgba),    layoutInfo(Layout::gray),    layoutInfo(Layout::yuv420),
                                   layoutInfo(Layout::yuv422),  layoutInfo(Layout::yuv444),  layoutInfo(Layout::yuva420),
                                   layoutInfo(Layout::yuva422), layoutInfo(Layout::yuva444)};

FL_HD const LayoutInfo& layoutOf(const Frame& frame) { return kLayouts[static_cast<int>(frame.shape.format.layout)]; }

/// The chroma of gray.
FL_HD float neutralChroma(const Frame& frame) { return static_cast<float>(1 << (frame.shape.format.bits - 1)); }

/// Whether chroma samples lie on every second column (row), not between two.
FL_HD bool isCositedX(const Frame& frame) {
  return layoutOf(frame).subsampleX > 0 && frame.shape.color.chromaLocation != ChromaLocation::center;
}
FL_HD bool isCositedY(const Frame& frame) {
  return layoutOf(frame).subsampleY > 0 && frame.shape.color.chromaLocation == ChromaLocation::topLeft;
}

FL_HD int smaller(int a, int b) { return a < b ? a : b; }
FL_HD int larger(int a, int b) { return a > b ? a : b; }

template <class Sample>
FL_HD const Sample* rowOf(const Plane& plane, int y) {
  return reinterpret_cast<const Sample*>(static_cast<const std::byte*>(plane.data) + y * plane.stride);
}
template <class Sample>
FL_HD Sample* rowOf(Plane& plane, int y) {
  return reinterpret_cast<Sample*>(static_cast<std::byte*>(plane.data) + y * plane.stride);
}

/// NaN becomes 0: it is not greater than 0.
FL_HD int quantise(float v, float maxCode) { return static_cast<int>(minf(maxf(v, 0.0f), maxCode) + 0.5f); }

template <class Sample>
FL_HD Sample toSample(float v, float maxCode) {
  if constexpr (std::is_same_v<Sample, uint8_t>)
    return static_cast<Sample>(quantise(v, 255.0f));
  else if constexpr (std::is_same_v<Sample, uint16_t>)
    return static_cast<Sample>(quantise(v, maxCode));
  else
    return v;
}

template <class Sample>
void widen(const Sample* __restrict from, float* __restrict to, int count) {
  for (int i = 0; i < count; i++) to[i] = static_cast<float>(from[i]);
}

/// Calls the template for the samples of a plane.
template <class Function>
FL_HD void forElement(Element element, const Function& function) {
  switch (element) {
    case Element::u8: return function.template operator()<uint8_t>();
    case Element::u16: return function.template operator()<uint16_t>();
    case Element::f32: return function.template operator()<float>();
  }
}

void fill(float* to, int count, float value) {
  for (int i = 0; i < count; i++) to[i] = value;
}

/// to[i] = from[(phase + i) / 2]: chroma under `count` luma samples, the first of which may be the
/// second of its pair.
void doubleSamples(const float* __restrict from, float* __restrict to, int phase, int count) {
  if (phase == 1 && count > 0) {
    *to++ = *from++;
    count--;
  }
  const int pairs = count / 2;
  for (int i = 0; i < pairs; i++) {
    to[2 * i] = from[i];
    to[2 * i + 1] = from[i];
  }
  if (count % 2 == 1) to[count - 1] = from[pairs];
}

void reverse(float* values, int count) {
  for (int i = 0; i < count / 2; i++) {
    const float first = values[i];
    values[i] = values[count - 1 - i];
    values[count - 1 - i] = first;
  }
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
