// Eight floats as one value, in the compiler's vector extension: one AVX register, or two of SSE or
// NEON.
#pragma once
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <cstdint>
#include <cstring>

#include "core/pixel.hpp"
#include "cpu/kernels.hpp"

#pragma GCC diagnostic ignored "-Wpsabi"  // F8 never crosses a call: every function here is always inlined

namespace framelane::cpu::FL_ISA {
namespace {

typedef float F8 __attribute__((vector_size(32)));
typedef int32_t I8 __attribute__((vector_size(32)));
typedef float F4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float F8Anywhere __attribute__((vector_size(32), aligned(4), may_alias));

FL_HD F8 load8(const float* from) { return *reinterpret_cast<const F8Anywhere*>(from); }
FL_HD void store8(float* to, const F8& v) { *reinterpret_cast<F8Anywhere*>(to) = v; }
FL_HD F8 splat(float v) { return F8{v, v, v, v, v, v, v, v}; }

/// Eight bytes, the first one lowest.
FL_HD F8 widen8(uint64_t bytes) {
#if defined(__AVX2__)
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(bytes))));
#else
  F8 result;
  for (int i = 0; i < 8; i++) result[i] = static_cast<float>(static_cast<int>(bytes >> 8 * i & 255));
  return result;
#endif
}

FL_HD F8 load8(const uint8_t* from) {
  uint64_t bytes;
  std::memcpy(&bytes, from, 8);
  return widen8(bytes);
}

FL_HD F8 load8(const uint16_t* from) {
#if defined(__AVX2__)
  return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
#else
  F8 result;
  for (int i = 0; i < 8; i++) result[i] = static_cast<float>(static_cast<int>(from[i]));
  return result;
#endif
}

/// floor(clamp(v, 0, maxCode) + 0.5); NaN is not greater than 0 and becomes 0.
FL_HD I8 codes8(const F8& value, float maxCode) {
  const F8 zero = {}, top = splat(maxCode);
  F8 v = value > zero ? value : zero;
  v = (v < top ? v : top) + splat(0.5f);
#if defined(__AVX2__)
  return reinterpret_cast<I8>(_mm256_cvttps_epi32(v));
#else
  return __builtin_convertvector(v, I8);
#endif
}

/// Samples on their way out; `maxCode` is their plane's.
FL_HD void storeSamples8(float* to, const F8& v, float) { store8(to, v); }
FL_HD void storeSamples8(uint8_t* to, const F8& v, float) {
  const I8 codes = codes8(v, 255);
#if defined(__AVX2__)
  const __m256i wide = reinterpret_cast<__m256i>(codes);
  const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
#else
  for (int i = 0; i < 8; i++) to[i] = static_cast<uint8_t>(codes[i]);
#endif
}
FL_HD void storeSamples8(uint16_t* to, const F8& v, float maxCode) {
  const I8 codes = codes8(v, maxCode);
#if defined(__AVX2__)
  const __m256i wide = reinterpret_cast<__m256i>(codes);
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), words);
#else
  for (int i = 0; i < 8; i++) to[i] = static_cast<uint16_t>(codes[i]);
#endif
}

/// The first `count` < 8 of the eight.
template <class Sample>
FL_HD void storeSome(Sample* to, const F8& v, int count, float maxCode) {
  Sample whole[8];
  storeSamples8(whole, v, maxCode);
  for (int i = 0; i < count; i++) to[i] = whole[i];
}

/// Calls the template for the elements and channels of an area op's planes. Filters do not change the integer element, and
/// RGBA of 16 bits passes them as floats.
template <class Function>
FL_HD void forPlanes(const Plane& input, const Plane& output, const Function& function) {
  const Element from = input.element, to = output.element;
  const auto between = [&]<class Code, int kChannels>() __attribute__((always_inline)) {  // integers of one kind, and floats
    if (from == Element::f32)
      function.template operator()<float, Code, kChannels>();
    else if (to == Element::f32)
      function.template operator()<Code, float, kChannels>();
    else
      function.template operator()<Code, Code, kChannels>();
  };
  const auto withChannels = [&]<int kChannels>() __attribute__((always_inline)) {
    if (from == Element::u8 || to == Element::u8) return between.template operator()<uint8_t, kChannels>();
    if constexpr (kChannels == 1)
      if (from == Element::u16 || to == Element::u16) return between.template operator()<uint16_t, kChannels>();
    function.template operator()<float, float, kChannels>();
  };
  input.channels == 1 ? withChannels.template operator()<1>() : withChannels.template operator()<4>();
}

/// Four floats from each of two places.
FL_HD F8 loadHalves(const float* low, const float* high) {
  const F4 l = *reinterpret_cast<const F4*>(low), h = *reinterpret_cast<const F4*>(high);
  return __builtin_shufflevector(l, h, 0, 1, 2, 3, 4, 5, 6, 7);
}
FL_HD F8 loadHalves(const uint8_t* low, const uint8_t* high) {
  uint32_t l, h;
  std::memcpy(&l, low, 4);
  std::memcpy(&h, high, 4);
  return widen8(l | static_cast<uint64_t>(h) << 32);
}

/// Two RGBA pixels, their colours times their alpha.
FL_HD F8 multipliedByAlpha(const F8& v) {
  const F8 one = splat(1);
  return v * __builtin_shufflevector(v, one, 3, 3, 3, 8, 7, 7, 7, 8);
}

/// The inverse; a pixel whose alpha is next to nothing becomes transparent black.
FL_HD F8 dividedByAlpha(const F8& v) {
  const F8 one = splat(1);
  const F8 alpha = __builtin_shufflevector(v, v, 3, 3, 3, 3, 7, 7, 7, 7);
  const F8 divisor = __builtin_shufflevector(v, one, 3, 3, 3, 8, 7, 7, 7, 8);
  return alpha >= splat(1e-6f) ? v / divisor : F8{};
}

FL_HD void transpose8(F8 (&m)[8]) {
  F8 t[8];
  for (int i = 0; i < 4; i++) {
    t[2 * i] = __builtin_shufflevector(m[2 * i], m[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[2 * i + 1] = __builtin_shufflevector(m[2 * i], m[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  F8 q[8];
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      q[4 * i + 2 * j] = __builtin_shufflevector(t[4 * i + j], t[4 * i + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
      q[4 * i + 2 * j + 1] = __builtin_shufflevector(t[4 * i + j], t[4 * i + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    m[i] = __builtin_shufflevector(q[i], q[4 + i], 0, 1, 2, 3, 8, 9, 10, 11);
    m[4 + i] = __builtin_shufflevector(q[i], q[4 + i], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

FL_HD int smaller(int a, int b) { return a < b ? a : b; }
FL_HD int larger(int a, int b) { return a > b ? a : b; }
FL_HD int clampIndex(int v, int count) { return v < 0 ? 0 : v < count ? v : count - 1; }
FL_HD int roundUp8(int v) { return (v + 7) & ~7; }

template <class Sample>
FL_HD Sample* rowOf(const Plane& plane, int y) {
  return reinterpret_cast<Sample*>(static_cast<std::byte*>(plane.data) + y * plane.stride);
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
