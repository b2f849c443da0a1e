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

/// What the steps of a pass are told about the strip they work on.
struct StripContext {
  const PointProgram& program;
  int x, y, count;
};

// Evaluated by the compiler, so that no out-of-line formatInfo() comes out of this unit.
constexpr FormatInfo kFormats[] = {formatInfo(PixelFormat::rgba8),      formatInfo(PixelFormat::rgbaf32),
                                   formatInfo(PixelFormat::gray8),      formatInfo(PixelFormat::yuv420p),
                                   formatInfo(PixelFormat::yuv422p),    formatInfo(PixelFormat::yuv444p),
                                   formatInfo(PixelFormat::grayf32),    formatInfo(PixelFormat::yuv420pf32),
                                   formatInfo(PixelFormat::yuv422pf32), formatInfo(PixelFormat::yuv444pf32)};

FL_HD const FormatInfo& layoutOf(const Frame& frame) { return kFormats[static_cast<int>(frame.shape.format)]; }

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
FL_HD int quantise(float v) { return static_cast<int>(minf(maxf(v, 0.0f), 255.0f) + 0.5f); }

template <class Sample>
FL_HD Sample toSample(float v) {
  if constexpr (sizeof(Sample) == 1)
    return static_cast<Sample>(quantise(v));
  else
    return v;
}

template <class Sample>
void widen(const Sample* __restrict from, float* __restrict to, int count) {
  for (int i = 0; i < count; i++) to[i] = static_cast<float>(from[i]);
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
