#pragma once
// How the pixels of an RGBA frame, which is packed tightly, are spread over threads that count or add them up.
#include <cstdint>

namespace framelane::cuda {

constexpr int kMeasureThreads = 256;
constexpr int kPixelsPerBlock = 8192;
constexpr int kMostMeasureBlocks = 1024;

/// Depends on nothing but the number of pixels, as does the order of sums.
constexpr unsigned measureBlocks(int pixels) {
  const int wanted = (pixels + kPixelsPerBlock - 1) / kPixelsPerBlock;
  return wanted < kMostMeasureBlocks ? wanted : kMostMeasureBlocks;
}

__device__ __forceinline__ float4 loadPixel(const float* pixels, int i) {
  return __ldg(reinterpret_cast<const float4*>(pixels) + i);
}
__device__ __forceinline__ uchar4 loadPixel(const uint8_t* pixels, int i) {
  return __ldg(reinterpret_cast<const uchar4*>(pixels) + i);
}

}  // namespace framelane::cuda
