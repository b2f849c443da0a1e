#pragma once
// Which pixels a thread of the fused kernel works on, and what the host finds out about a pass before it starts.
#include "core/program.hpp"
#include "cuda/pixel.cuh"

namespace framelane::cuda {

/// How a matrix is applied: a diagonal one costs a third.
enum class Map : uint8_t { identity, diagonal, full };

/// A frame's format taken apart, so that the kernel tests flags and no format list.
struct Access {
  bool bytes;   // u8 samples
  bool rgba;    // one plane of four channels
  bool chroma;  // three planes
  bool wide;    // addresses and strides allow one access per run of samples
  uint8_t shiftX, shiftY;
};

/// The kernel's one argument.
struct Pass {
  PointProgram program;
  Access input, output;
  Map load, store;
  bool unitStore;      // the store matrix is 255 times the identity
  bool insideView;     // no pixel reads outside the input
  bool tiledView;      // a tile of the output is a tile of the input, perhaps mirrored
};

/// Four pixels of a row, 32 apart: every access of a warp is one run of neighbouring RGBA pixels, whatever their alignment.
struct RowLayout {
  static constexpr int kPixels = 4;
  static constexpr int kWidth = 128;  // what a warp covers
  static constexpr int kHeight = 1;
  int x, y;

  __device__ RowLayout() : x(blockIdx.x * kWidth + threadIdx.x), y(blockIdx.y * blockDim.y + threadIdx.y) {}
  __device__ int column(int i) const { return x + 32 * i; }
  __device__ int row(int) const { return y; }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(32 * i), static_cast<float>(y)};
  }
};

/// A tile of 4x2 neighbouring pixels: each chroma sample of 4:2:0 belongs to one thread.
struct TileLayout {
  static constexpr int kPixels = 8;
  static constexpr int kWidth = 128;
  static constexpr int kHeight = 2;
  int x, y;

  __device__ TileLayout()
      : x(blockIdx.x * kWidth + threadIdx.x * 4), y((blockIdx.y * blockDim.y + threadIdx.y) * 2) {}
  __device__ int column(int i) const { return x + i % 4; }
  __device__ int row(int i) const { return y + i / 4; }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(i % 4),
            static_cast<float>(y) + static_cast<float>(i / 4)};
  }
};

__device__ __forceinline__ Pixel transform(const PackedMatrix& k, Pixel p) {
  // Blue and green first: where they are shared by several pixels, so is most of the sum.
  return {fmaf(k.m[0], p.r, fmaf(k.m[1], p.g, fmaf(k.m[2], p.b, k.m[3]))),
          fmaf(k.m[4], p.r, fmaf(k.m[5], p.g, fmaf(k.m[6], p.b, k.m[7]))),
          fmaf(k.m[8], p.r, fmaf(k.m[9], p.g, fmaf(k.m[10], p.b, k.m[11]))), k.alpha * p.a};
}

template <int N>
__device__ __forceinline__ void transform(Pixel (&pixels)[N], const PackedMatrix& k, Map map) {
  if (map == Map::full) {
#pragma unroll
    for (Pixel& p : pixels) p = transform(k, p);
  } else if (map == Map::diagonal) {
#pragma unroll
    for (Pixel& p : pixels) p = {k.m[0] * p.r, k.m[5] * p.g, k.m[10] * p.b, k.alpha * p.a};
  }
}

/// The first channel alone: luma.
template <int N>
__device__ __forceinline__ void transformFirst(Pixel (&pixels)[N], const PackedMatrix& k, Map map) {
  if (map == Map::full) {
#pragma unroll
    for (Pixel& p : pixels)
      p.r = fmaf(k.m[0], p.r, fmaf(k.m[1], p.g, fmaf(k.m[2], p.b, k.m[3])));
  } else if (map == Map::diagonal) {
#pragma unroll
    for (Pixel& p : pixels) p.r *= k.m[0];
  }
}

/// What an rgba8 frame stores of these pixels.
template <int N>
__device__ __forceinline__ void bytesOf(uint32_t (&words)[N], Pixel (&pixels)[N], const Pass& pass) {
  if (pass.unitStore) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      const Pixel& p = pixels[i];
      words[i] = packBytes(roundUnit(p.r), roundUnit(p.g), roundUnit(p.b), roundUnit(p.a));
    }
    return;
  }
  transform(pixels, pass.program.store, pass.store);
#pragma unroll
  for (int i = 0; i < N; i++) {
    const Pixel& p = pixels[i];
    words[i] = packBytes(roundCode(p.r), roundCode(p.g), roundCode(p.b), roundCode(p.a));
  }
}

}  // namespace framelane::cuda
