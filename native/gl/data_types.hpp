#pragma once
// How much memory numbers take, in pixels and in vertices.
#include "gl/types.hpp"

namespace framelane::gl {

/// Bytes of a number; 0 for other types.
constexpr int bytesOf(GLenum type) {
  switch (type) {
    case kByte:
    case kUnsignedByte: return 1;
    case kShort:
    case kUnsignedShort:
    case kHalfFloat: return 2;
    case kInt:
    case kUnsignedInt:
    case kFloat: return 4;
    default: return 0;
  }
}

/// Bytes of a pixel or vertex whose channels share a number; 0 for other types.
constexpr int packedBytesOf(GLenum type) {
  switch (type) {
    case 0x8033:            // UNSIGNED_SHORT_4_4_4_4
    case 0x8034:            // UNSIGNED_SHORT_5_5_5_1
    case 0x8363: return 2;  // UNSIGNED_SHORT_5_6_5
    case 0x84FA:            // UNSIGNED_INT_24_8
    case 0x8368:            // UNSIGNED_INT_2_10_10_10_REV
    case 0x8C3B:            // UNSIGNED_INT_10F_11F_11F_REV
    case 0x8C3E:            // UNSIGNED_INT_5_9_9_9_REV
    case 0x8D9F: return 4;  // INT_2_10_10_10_REV
    case 0x8DAD: return 8;  // FLOAT_32_UNSIGNED_INT_24_8_REV
    default: return 0;
  }
}

}  // namespace framelane::gl
