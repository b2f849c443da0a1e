#pragma once
// The device's vocabulary: samples between memory and registers.
//
// I2F and F2I run at an eighth of the rate of arithmetic, so codes become floats and back by
// placing their bits: 0x4B000000 | code is the float 2^23 + code, a float in [2^15, 2^16) has its
// integer part's low byte in bits 8..15, and one in [2^22, 2^23) its integer part's low 16 bits in
// bits 1..16.
#include <cuda_runtime.h>

#include <cstdint>

#include "core/format.hpp"
#include "core/pixel.hpp"

namespace framelane::cuda {

/// Byte `Index` of a word, as a float.
template <int Index>
__device__ __forceinline__ float byteOf(uint32_t word) {
  return __uint_as_float(__byte_perm(word, 0x4B000000u, 0x7440 + Index)) - 8388608.0f;
}

__device__ __forceinline__ float codeOf(uint16_t code) { return __uint_as_float(0x4B000000u | code) - 8388608.0f; }

/// floor(clamp(code, 0, 255) + 1/2) in bits 8..15; NaN gives 0. Scaling by 2^-8 is exact and makes
/// the saturation free.
__device__ __forceinline__ uint32_t roundCode(float code) {
  const float unit = fminf(__saturatef(code * 0x1p-8f), 255.0f / 256.0f);
  return __float_as_uint(__fmaf_rd(unit, 256.0f, 32768.5f));
}

/// The same of 255 * value, for a value meant to be 0..1; the product is not rounded.
__device__ __forceinline__ uint32_t roundUnit(float value) {
  return __float_as_uint(__fmaf_rd(__saturatef(value), 255.0f, 32768.5f));
}

/// Four results of roundCode or roundUnit as the bytes of a word.
__device__ __forceinline__ uint32_t packBytes(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return __byte_perm(__byte_perm(a, b, 0x0051), __byte_perm(c, d, 0x0051), 0x5410);
}

/// floor(clamp(code, 0, maxCode) + 1/2) for up to 16 bits; NaN gives 0.
__device__ __forceinline__ uint16_t roundWide(float code, float maxCode) {
  const float within = fminf(fmaxf(code, 0.0f), maxCode);
  return static_cast<uint16_t>(__float_as_uint(__fadd_rd(within, 4194304.5f)) >> 1);
}

__device__ __forceinline__ int clampIndex(int i, int size) { return min(max(i, 0), size - 1); }

template <class T>
__device__ __forceinline__ T& sampleAt(const Plane& plane, int x, int y) {
  // One multiplication; a product of int64_t takes four, because the compiler loses track of the
  // signs.
  int64_t row;
  asm("mul.wide.s32 %0, %1, %2;" : "=l"(row) : "r"(y), "r"(static_cast<int>(plane.stride)));
  return reinterpret_cast<T*>(static_cast<char*>(plane.data) + row)[x];
}

__device__ __forceinline__ float sampleToFloat(float sample) { return sample; }
__device__ __forceinline__ float sampleToFloat(uint8_t sample) { return byteOf<0>(sample); }
__device__ __forceinline__ float sampleToFloat(uint16_t sample) { return codeOf(sample); }

/// Code values of one RGBA pixel, or the stored floats.
__device__ __forceinline__ Pixel toPixel(uint32_t word) {
  return {byteOf<0>(word), byteOf<1>(word), byteOf<2>(word), byteOf<3>(word)};
}
__device__ __forceinline__ Pixel toPixel(ushort4 v) { return {codeOf(v.x), codeOf(v.y), codeOf(v.z), codeOf(v.w)}; }
__device__ __forceinline__ Pixel toPixel(float4 v) { return {v.x, v.y, v.z, v.w}; }

/// N neighbouring samples that one access can move.
template <class T, int N>
struct RunWord;
template <>
struct RunWord<uint8_t, 2> {
  using Type = uint16_t;
};
template <>
struct RunWord<uint8_t, 4> {
  using Type = uint32_t;
};
template <>
struct RunWord<uint16_t, 2> {
  using Type = ushort2;
};
template <>
struct RunWord<uint16_t, 4> {
  using Type = ushort4;
};
template <>
struct RunWord<float, 2> {
  using Type = float2;
};
template <>
struct RunWord<float, 4> {
  using Type = float4;
};

template <int N>
struct Run {
  float v[N];
};

__device__ __forceinline__ Run<2> toRun(uint16_t w) { return {byteOf<0>(w), byteOf<1>(w)}; }
__device__ __forceinline__ Run<4> toRun(uint32_t w) { return {byteOf<0>(w), byteOf<1>(w), byteOf<2>(w), byteOf<3>(w)}; }
__device__ __forceinline__ Run<2> toRun(ushort2 w) { return {codeOf(w.x), codeOf(w.y)}; }
__device__ __forceinline__ Run<4> toRun(ushort4 w) { return {codeOf(w.x), codeOf(w.y), codeOf(w.z), codeOf(w.w)}; }
__device__ __forceinline__ Run<2> toRun(float2 w) { return {w.x, w.y}; }
__device__ __forceinline__ Run<4> toRun(float4 w) { return {w.x, w.y, w.z, w.w}; }

// How samples are stored; maxCode counts for u16 only, the others have theirs built in.
__device__ __forceinline__ void setWord(uint16_t& word, const Run<2>& run, float) {
  word = static_cast<uint16_t>(__byte_perm(roundCode(run.v[0]), roundCode(run.v[1]), 0x0051));
}
__device__ __forceinline__ void setWord(uint32_t& word, const Run<4>& run, float) {
  word = packBytes(roundCode(run.v[0]), roundCode(run.v[1]), roundCode(run.v[2]), roundCode(run.v[3]));
}
__device__ __forceinline__ void setWord(ushort2& word, const Run<2>& run, float maxCode) {
  word = {roundWide(run.v[0], maxCode), roundWide(run.v[1], maxCode)};
}
__device__ __forceinline__ void setWord(ushort4& word, const Run<4>& run, float maxCode) {
  word = {roundWide(run.v[0], maxCode), roundWide(run.v[1], maxCode), roundWide(run.v[2], maxCode),
          roundWide(run.v[3], maxCode)};
}
__device__ __forceinline__ void setWord(float2& word, const Run<2>& run, float) { word = {run.v[0], run.v[1]}; }
__device__ __forceinline__ void setWord(float4& word, const Run<4>& run, float) {
  word = {run.v[0], run.v[1], run.v[2], run.v[3]};
}
__device__ __forceinline__ void setSample(uint8_t& sample, float code, float) {
  sample = static_cast<uint8_t>(roundCode(code) >> 8);
}
__device__ __forceinline__ void setSample(uint16_t& sample, float code, float maxCode) {
  sample = roundWide(code, maxCode);
}
__device__ __forceinline__ void setSample(float& sample, float value, float) { sample = value; }

/// Stores those of the N samples from x on that lie in the one-channel plane; integers round and
/// saturate. `wide`: the plane's address and stride are multiples of N samples, and x is too.
template <class T, int N>
__device__ __forceinline__ void storeRun(const Plane& plane, int x, int y, bool wide, const Run<N>& run,
                                         float maxCode) {
  using Word = typename RunWord<T, N>::Type;
  if (y >= plane.height) return;
  if (wide && x + N <= plane.width) {
    setWord(sampleAt<Word>(plane, x / N, y), run, maxCode);
    return;
  }
#pragma unroll
  for (int i = 0; i < N; i++)
    if (x + i < plane.width) setSample(sampleAt<T>(plane, x + i, y), run.v[i], maxCode);
}

}  // namespace framelane::cuda
