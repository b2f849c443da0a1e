#pragma once
// The arithmetic of custom ops, for one float (CUDA) and for a vector of them (the CPU's units): one text, so that both devices
// agree to what each function states. All of it keeps NaN, infinities and denormals, and nothing branches.
//
// Errors are against the exact value, relative, in units of 2^-24 unless said otherwise ("absolute" ones are as they are):
//   + - * / sqrt, comparisons, rounding, select, hash     exact, as IEEE 754 rounds
//   fma, mix, smoothstep, mod                              products and sums may be fused or not: as either rounds
//   rsqrt 4, exp2 6, log2 5, pow 6 + 5 |b log2 a|
//   sin, cos   absolute 4e-7 up to |x| = 8192; beyond, still within -1..1.  tan  as their quotient
//   asin, acos, atan, atan2   8
#include "core/pixel.hpp"

namespace framelane::custom {

/// Integers as wide as the floats; the CPU's units add those of their vectors.
template <class F>
struct WordsOf;
template <>
struct WordsOf<float> {
  using Signed = int32_t;
  using Unsigned = uint32_t;
};
template <class F>
using Signed = typename WordsOf<F>::Signed;
template <class F>
using Unsigned = typename WordsOf<F>::Unsigned;

template <class To, class From>
FL_HD To bitsAs(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  __builtin_memcpy(&to, &from, sizeof(To));
  return to;
}

template <class F>
FL_HD F all(float v) {
  return F{} + v;
}
template <class F, class Mask>
FL_HD F choose(const Mask& mask, const F& yes, const F& no) {
  return mask ? yes : no;
}
template <class F, class Mask>
FL_HD F truth(const Mask& mask) {
  return choose<F>(mask, all<F>(1.0f), all<F>(0.0f));
}
template <class F>
FL_HD F fromIntegers(const Signed<F>& v) {
  if constexpr (sizeof(F) == sizeof(float)) return static_cast<float>(v);
#ifndef __CUDACC__
  else
    return __builtin_convertvector(v, F);
#endif
}

constexpr uint32_t kSignBit = 0x80000000u;

template <class F>
FL_HD F absOf(const F& v) {
  return bitsAs<F>(bitsAs<Unsigned<F>>(v) & ~kSignBit);
}
/// A value that is not negative, or zero, gets that sign.
template <class F>
FL_HD F signedAs(const F& v, const F& sign) {
  return bitsAs<F>(bitsAs<Unsigned<F>>(v) | (bitsAs<Unsigned<F>>(sign) & kSignBit));
}
template <class F>
FL_HD F flippedBy(const F& v, const Unsigned<F>& bits) {
  return bitsAs<F>(bitsAs<Unsigned<F>>(v) ^ (bits & kSignBit));
}

/// To the nearest integer, halves to even. Adding 2^23 rounds; from there on every float is an integer.
template <class F>
FL_HD F roundOf(const F& v) {
#ifdef __CUDA_ARCH__
  return rintf(v);
#else
  const F size = absOf(v), rounded = (size + 8388608.0f) - 8388608.0f;
  return choose<F>(size < all<F>(8388608.0f), signedAs(rounded, v), v);
#endif
}
template <class F>
FL_HD F floorOf(const F& v) {
#ifdef __CUDA_ARCH__
  return floorf(v);
#else
  const F rounded = roundOf(v);
  return signedAs(choose<F>(rounded > v, rounded - 1.0f, rounded), v);
#endif
}
template <class F>
FL_HD F ceilOf(const F& v) {
#ifdef __CUDA_ARCH__
  return ceilf(v);
#else
  const F rounded = roundOf(v);
  return signedAs(choose<F>(rounded < v, rounded + 1.0f, rounded), v);
#endif
}

template <class F>
FL_HD F rootOf(const F& v) {
#ifdef __CUDA_ARCH__
  return sqrtf(v);
#else
  if constexpr (sizeof(F) == sizeof(float)) return __builtin_sqrtf(v);
  F root;
  for (unsigned i = 0; i < sizeof(F) / sizeof(float); i++) root[i] = __builtin_sqrtf(v[i]);
  return root;
#endif
}
template <class F>
FL_HD F inverseRootOf(const F& v) {
#ifdef __CUDA_ARCH__
  return rsqrtf(v);
#else
  return 1.0f / rootOf(v);
#endif
}

/// 2^k.
template <class F>
FL_HD F powerOfTwo(const Signed<F>& k) {
  return bitsAs<F>((k + 127) << 23);
}

template <class F>
FL_HD F exp2Of(const F& v) {
#ifdef __CUDA_ARCH__
  return exp2f(v);
#else
  // As exp2Fast (core/pixel.hpp), with the power of two in two factors, so that denormals and infinity come out too.
  F t = choose<F>(v < all<F>(130.0f), v, all<F>(130.0f));
  t = choose<F>(t > all<F>(-152.0f), t, all<F>(-152.0f));
  const F rounded = t + 12582912.0f;
  const F f = t - (rounded - 12582912.0f), f2 = f * f;
  const F power = (1.0f + 0.693147004f * f) +
                  f2 * ((0.240222424f + 0.0555073358f * f) + f2 * (0.00967151299f + 0.00132647273f * f));
  const Signed<F> whole = bitsAs<Signed<F>>(rounded) - 0x4b400000, half = whole >> 1;
  return choose<F>(v == v, power * powerOfTwo<F>(half) * powerOfTwo<F>(whole - half), v);
#endif
}

template <class F>
FL_HD F log2Of(const F& v) {
#ifdef __CUDA_ARCH__
  return log2f(v);
#else
  // As log2Fast, with denormals scaled, and a term more, so that the error is small beside logarithms near 0, too.
  const auto small = v < all<F>(0x1p-126f);
  Signed<F> bits = bitsAs<Signed<F>>(choose<F>(small, v * 0x1p24f, v));
  const Signed<F> exponent = (bits - 0x3f3504f3) >> 23;
  bits -= exponent << 23;
  const F t = bitsAs<F>(bits) - 1.0f, t2 = t * t;
  const F low = (1.44269502f - 0.72134733f * t) + t2 * (0.480910629f - 0.360703677f * t);
  const F high = (0.28791624f - 0.238944843f * t) + t2 * ((0.215715647f - 0.207269624f * t) + t2 * 0.12583677f);
  const F whole = fromIntegers<F>(exponent) + choose<F>(small, all<F>(-24.0f), all<F>(0.0f));
  const F zero = all<F>(0.0f), infinity = all<F>(__builtin_inff());
  const F special = choose<F>(v == zero, -infinity, all<F>(__builtin_nanf("")));
  const F logarithm = choose<F>(v > zero, whole + t * (low + t2 * t2 * high), special);
  return choose<F>(v < infinity, logarithm, v);  // NaN, too
#endif
}

template <class F>
FL_HD F powerOf(const F& base, const F& exponent) {
  const F zero = all<F>(0.0f);
  const F power = choose<F>(exponent == zero, all<F>(1.0f), exp2Of<F>(exponent * log2Of<F>(base)));
  return choose<F>(base >= zero, power, all<F>(__builtin_nanf("")));
}

/// An angle's sine and cosine within the quarter turn around the nearest multiple of a right angle, and which one that is.
template <class F>
struct Quarter {
  F sine, cosine;
  Unsigned<F> number;
};
template <class F>
FL_HD Quarter<F> quarterOf(const F& v) {
  // pi / 2 in three parts, whose products with numbers of few digits are exact (Cody and Waite 1980; parts from Cephes).
  const F turns = roundOf<F>(v * 0.636619772f);
  F r = ((v - turns * 1.5703125f) - turns * 4.837512969970703125e-4f) - turns * 7.54978995489188216e-8f;
  r = choose<F>(r > all<F>(0.79f), all<F>(0.79f), choose<F>(r < all<F>(-0.79f), all<F>(-0.79f), r));
  const F r2 = r * r;
  const F sine = r + r * r2 * (-1.6666654611e-1f + r2 * (8.3321608736e-3f - r2 * 1.9515295891e-4f));
  const F cosine = (1.0f - 0.5f * r2) +
                   r2 * r2 * (4.166664568298827e-2f + r2 * (-1.388731625493765e-3f + r2 * 2.443315711809948e-5f));
  // The lowest digits of an integer below 2^22 are those of the sum.
  return {sine, cosine, bitsAs<Unsigned<F>>(turns + 12582912.0f)};
}
template <class F>
FL_HD F sineOf(const F& v) {
  const Quarter<F> q = quarterOf(v);
  return flippedBy(choose<F>((q.number & 1u) != 0u, q.cosine, q.sine), q.number << 30);
}
template <class F>
FL_HD F cosineOf(const F& v) {
  const Quarter<F> q = quarterOf(v);
  return flippedBy(choose<F>((q.number & 1u) != 0u, q.sine, q.cosine), (q.number + 1u) << 30);
}
template <class F>
FL_HD F tangentOf(const F& v) {
  const Quarter<F> q = quarterOf(v);
  const auto odd = (q.number & 1u) != 0u;
  return choose<F>(odd, -q.cosine, q.sine) / choose<F>(odd, q.sine, q.cosine);
}

/// The angle of the point (x, y), as atan2. One division: the ratio is turned by none, one or two eighths of a right angle
/// until it is small (the polynomial is Cephes').
template <class F>
FL_HD F arcTangentOf(const F& y, const F& x) {
  const F zero = all<F>(0.0f), one = all<F>(1.0f), infinity = all<F>(__builtin_inff());
  const auto far = (absOf(y) == infinity) & (absOf(x) == infinity);
  const F up = choose<F>(far, one, absOf(y)), along = choose<F>(far, one, absOf(x));
  const auto steep = (up > 2.414213562f * along) | (up == infinity);
  const auto middle = up > 0.4142135624f * along;
  const F over = choose<F>(steep, -along, choose<F>(middle, up - along, up));
  const F length = choose<F>(steep, up, choose<F>(middle, up + along, along));
  const F under = choose<F>(length == zero, one, length);
  const F turned = choose<F>(steep, all<F>(1.57079633f), choose<F>(middle, all<F>(0.785398163f), zero));
  const F t = over / under, t2 = t * t;
  const F bent =
      t2 * (-3.33329491539e-1f + t2 * (1.99777106478e-1f + t2 * (-1.38776856032e-1f + t2 * 8.05374449538e-2f)));
  const F angle = turned + (t + t * bent);
  const F back = choose<F>((bitsAs<Unsigned<F>>(x) & kSignBit) != 0u, 3.14159265f - angle, angle);
  return flippedBy(back, bitsAs<Unsigned<F>>(y));
}
template <class F>
FL_HD F arcSineOf(const F& v) {
  return arcTangentOf<F>(v, rootOf<F>((1.0f - v) * (1.0f + v)));
}
template <class F>
FL_HD F arcCosineOf(const F& v) {
  return arcTangentOf<F>(rootOf<F>((1.0f - v) * (1.0f + v)), v);
}

/// Where the edges are equal, a step. NaN counts as below.
template <class F>
FL_HD F smoothstepOf(const F& from, const F& to, const F& v) {
  const F zero = all<F>(0.0f), one = all<F>(1.0f);
  F t = (v - from) / (to - from);
  t = choose<F>(t > zero, t, zero);
  t = choose<F>(t < one, t, one);
  return t * t * (3.0f - 2.0f * t);
}

/// 0 <= hash < 1, in steps of 2^-24, of the bits of three floats (-0 counts as 0): pcg3d (Jarzynski and Olano, "Hash Functions
/// for GPU Rendering", 2020), whose words first get their high halves into the low ones, because small integers are floats with
/// nothing there.
template <class F>
FL_HD F hashOf(const F& a, const F& b, const F& c) {
  using Word = Unsigned<F>;
  const auto start = [](const F& v) __attribute__((always_inline)) {
    const Word bits = bitsAs<Word>(v + 0.0f), mixed = bits ^ bits >> 16;
    return mixed * 1664525u + 1013904223u;
  };
  Word x = start(a), y = start(b), z = start(c);
  x += y * z;
  y += z * x;
  z += x * y;
  x ^= x >> 16;
  y ^= y >> 16;
  z ^= z >> 16;
  x += y * z;
  return fromIntegers<F>(bitsAs<Signed<F>>(x >> 8)) * 0x1p-24f;
}

}  // namespace framelane::custom
