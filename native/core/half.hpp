#pragma once
// IEEE half floats as their bits, by integer arithmetic: the same results on every device.
#include <cstdint>

#include "core/pixel.hpp"

namespace framelane {

/// Every half is a float.
FL_HD float floatOfHalf(uint16_t half) {
  constexpr uint32_t kExponent = 0x7c00u << 13;
  uint32_t bits = (half & 0x7fffu) << 13;
  const uint32_t exponent = bits & kExponent;
  bits += (127 - 15) << 23;
  if (exponent == kExponent) bits += (128 - 16) << 23;  // infinities and NaN
  if (exponent == 0) bits += 1 << 23;                   // subnormal: with a leading one that is taken off again
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  if (exponent == 0) value -= 0x1p-14f;
  return half & 0x8000u ? -value : value;
}

/// The nearest one, to even of two; infinity from 65520 on.
FL_HD uint16_t halfOfFloat(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000u);
  bits &= 0x7fffffffu;
  if (bits >= 0x47800000u) return sign | (bits > 0x7f800000u ? 0x7e00u : 0x7c00u);  // NaN, or 65536 and more
  if (bits < 0x38800000u) {
    // Below 2^-14: the addition rounds to multiples of 2^-24, the step of subnormal halves.
    float sum;
    __builtin_memcpy(&sum, &bits, sizeof sum);
    sum += 0.5f;
    __builtin_memcpy(&bits, &sum, sizeof bits);
    return static_cast<uint16_t>(sign | (bits - 0x3f000000u));
  }
  const uint32_t odd = bits >> 13 & 1u;
  bits += (static_cast<uint32_t>(15 - 127) << 23) + 0xfffu + odd;
  return static_cast<uint16_t>(sign | bits >> 13);
}

}  // namespace framelane
