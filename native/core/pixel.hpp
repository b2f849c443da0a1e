#pragma once
// What a point operation sees: one pixel, its position, and arithmetic that the CPU vectorises and CUDA runs as it is.
// Everything here is branch-free on purpose: an `if` in a point op costs the CPU its vector loop.
#ifdef __CUDACC__
#define FL_HD __host__ __device__ __forceinline__
#else
#define FL_HD inline __attribute__((always_inline))
#endif

#include <cstdint>
#include <cstring>

namespace framelane {

/// Straight-alpha RGBA; 0..1 is the displayable range, values beyond it are kept.
struct Pixel {
  float r, g, b, a;
};

/// A second image as a step looks things up in it: its RGBA floats, entry by entry from the first.
struct Table {
  const void* entries;
  FL_HD Pixel operator[](int i) const {
#ifdef __CUDA_ARCH__
    const float4 entry = __ldg(static_cast<const float4*>(entries) + i);
    return {entry.x, entry.y, entry.z, entry.w};
#else
    return static_cast<const Pixel*>(entries)[i];
#endif
  }
};

/// Column and row of the pixel in the output frame, as floats (pixel indices, top-left origin).
struct Position {
  float x, y;
};

// On the device these are one instruction each; the transcendentals are the special function units' own approximations
// (denormals flushed), whose errors are within what each function promises.
FL_HD float minf(float a, float b) {
#ifdef __CUDA_ARCH__
  return fminf(a, b);
#else
  return a < b ? a : b;
#endif
}
FL_HD float maxf(float a, float b) {
#ifdef __CUDA_ARCH__
  return fmaxf(a, b);
#else
  return a > b ? a : b;
#endif
}
/// 0..1; NaN becomes 0.
FL_HD float clamp01(float v) {
#ifdef __CUDA_ARCH__
  return __saturatef(v);
#else
  return minf(maxf(v, 0.0f), 1.0f);
#endif
}
FL_HD float mix(float from, float to, float t) { return from + (to - from) * t; }

FL_HD float smoothstep01(float t) {
  t = clamp01(t);
  return t * t * (3.0f - 2.0f * t);
}

FL_HD float absf(float v) {
#ifdef __CUDA_ARCH__
  return fabsf(v);
#else
  return __builtin_fabsf(v);
#endif
}

/// For |v| < 2^22; which of two equally near integers is open.
FL_HD float nearestInteger(float v) {
#ifdef __CUDA_ARCH__
  return __fadd_rn(v + 12582912.0f, -12582912.0f);  // 1.5 * 2^23: FRND would run at an eighth of the rate
#else
  return (v + 12582912.0f) - 12582912.0f;  // two additions, where SSE2 has no rounding instruction at all
#endif
}

FL_HD float sqrtFast(float v) {
#ifdef __CUDA_ARCH__
  float root;
  asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(root) : "f"(v));
  return root;
#else
  return __builtin_sqrtf(v);
#endif
}

/// 1/v for v > 0; relative error below 1e-6.
FL_HD float reciprocal(float v) {
#ifdef __CUDA_ARCH__
  float inverse;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(inverse) : "f"(v));
  return inverse;
#else
  return 1.0f / v;
#endif
}

/// log2 of v > 0, absolute error below 4e-7 over 2^-100..2^100.
FL_HD float log2Fast(float v) {
#ifdef __CUDA_ARCH__
  float logarithm;
  asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(logarithm) : "f"(v));
  return logarithm;
#else
  // v = 2^e * m with m in [sqrt(1/2), sqrt(2)); log2(m) = t P(t), t = m - 1, minimax to 5e-8. Estrin's scheme: a vector loop
  // waits for its longest chain, and a division would lengthen it.
  int32_t bits;
  std::memcpy(&bits, &v, 4);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;
  bits -= exponent << 23;
  float m;
  std::memcpy(&m, &bits, 4);
  const float t = m - 1.0f, t2 = t * t;
  const float low = (1.44269478f - 0.721357167f * t) + t2 * (0.480939448f - 0.360087216f * t);
  const float high = (0.286707461f - 0.250069052f * t) + t2 * (0.236890435f - 0.145744532f * t);
  return static_cast<float>(exponent) + t * (low + t2 * t2 * high);
#endif
}

/// 2^v, relative error below 3e-7 for -126 <= v <= 127; flushes to 0 below.
FL_HD float exp2Fast(float v) {
#ifdef __CUDA_ARCH__
  float power;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(v));
  return power;
#else
  v = minf(maxf(v, -126.0f), 127.0f);
  // Adding 1.5 * 2^23 rounds v and leaves the integer in the low bits, where a shift finds it: see nearestInteger.
  const float rounded = v + 12582912.0f;
  const float f = v - (rounded - 12582912.0f);  // -0.5..0.5; 2^f minimax to 1e-7, exact at 0
  const float f2 = f * f;
  const float power = (1.0f + 0.693147004f * f) +
                      f2 * ((0.240222424f + 0.0555073358f * f) + f2 * (0.00967151299f + 0.00132647273f * f));
  uint32_t whole, bits;
  std::memcpy(&whole, &rounded, 4);
  std::memcpy(&bits, &power, 4);
  bits += whole << 23;
  float result;
  std::memcpy(&result, &bits, 4);
  return result;
#endif
}

/// log2 of a base for powerOfLog; anything below 1e-37 counts as 0.
FL_HD float logOfBase(float base) {
#ifdef __CUDA_ARCH__
  return log2Fast(maxf(base, 0.0f));  // log2(0) is -infinity, and 2^-infinity 0
#else
  return log2Fast(maxf(base, 1e-37f));
#endif
}

/// base^exponent for exponent > 0; 0 for base <= 0.
FL_HD float powerOfLog(float log, float exponent) {
#ifdef __CUDA_ARCH__
  return exp2Fast(exponent * log);
#else
  return log > -122.9f ? exp2Fast(exponent * log) : 0.0f;  // log2(1e-37) = -122.91
#endif
}

}  // namespace framelane
