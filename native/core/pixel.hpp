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

FL_HD float floorFast(float v) {
#ifdef __CUDA_ARCH__
  return floorf(v);
#else
  return __builtin_floorf(v);
#endif
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
  return __builtin_floorf(v + 0.5f);
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
  // v = 2^e * m with m in [sqrt(1/2), sqrt(2)); log2(m) = 2 atanh(s) / ln 2, s = (m-1)/(m+1), odd series to s^9.
  int32_t bits;
  std::memcpy(&bits, &v, 4);
  const int32_t shifted = bits - 0x3f3504f3;
  const int32_t exponent = shifted >> 23;
  bits -= exponent << 23;
  float m;
  std::memcpy(&m, &bits, 4);
  const float s = (m - 1.0f) / (m + 1.0f);
  const float s2 = s * s;
  const float series = 2.885390082f + s2 * (0.961796694f + s2 * (0.577078016f + s2 * (0.412198583f + s2 * 0.320598898f)));
  return static_cast<float>(exponent) + s * series;
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
  const float whole = __builtin_floorf(v + 0.5f);
  const float f = v - whole;  // -0.5..0.5, Taylor of 2^f to f^6
  const float p =
      1.0f +
      f * (0.693147181f +
           f * (0.240226507f + f * (0.0555041087f + f * (0.00961812911f + f * (0.00133335581f + f * 0.000154035304f)))));
  int32_t bits = (static_cast<int32_t>(whole) + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, 4);
  return p * scale;
#endif
}

/// base^exponent for exponent > 0; 0 for base <= 0.
FL_HD float powFast(float base, float exponent) {
#ifdef __CUDA_ARCH__
  return exp2Fast(exponent * log2Fast(maxf(base, 0.0f)));  // log2(0) is -infinity, and 2^-infinity 0
#else
  const float power = exp2Fast(exponent * log2Fast(maxf(base, 1e-37f)));
  return base > 1e-37f ? power : 0.0f;
#endif
}

}  // namespace framelane
