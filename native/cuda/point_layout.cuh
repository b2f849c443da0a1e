#pragma once
// Which pixels a thread of the fused kernel works on, and what the host finds out about a pass before it starts.
#include "core/program.hpp"
#include "cuda/pixel.cuh"

namespace framelane::cuda {

/// How a matrix is applied: a diagonal one costs a third.
enum class Map : uint8_t { identity, diagonal, full };

/// A frame's format taken apart, so that the kernel tests flags and knows no list of formats.
struct Access {
  bool bytes;   // u8 samples
  bool rgba;    // one plane of four channels
  bool chroma;  // three planes
  bool wide;    // addresses and strides allow one access for two neighbouring samples
  uint8_t shiftX, shiftY;
};

/// The kernel's one argument.
struct Pass {
  PointProgram program;
  Access input, output;
  Map load, store;
  bool unitStore;   // the store matrix is 255 times the identity
  bool insideView;  // no pixel reads outside the input
  bool tiledView;   // a tile of the output is a tile of the input, perhaps mirrored
};

/// For RGBA outputs: four pixels of a row, 32 apart. Every access of a warp is one run of 32 neighbours, whatever their
/// alignment, and each pixel finds its own input, so views and subsampled planes need nothing special.
struct RowLayout {
  static constexpr int kPixels = 4;
  static constexpr int kWidth = 128;  // what a warp covers
  static constexpr int kHeight = 1;
  int x, y;

  __device__ RowLayout()
      : x(blockIdx.x * kWidth + threadIdx.x), y(blockIdx.y * blockDim.y + threadIdx.y) {}
  __device__ static constexpr int right(int i) { return 32 * i; }
  __device__ static constexpr int below(int) { return 0; }
  __device__ int column(int i) const { return x + right(i); }
  __device__ int row(int) const { return y; }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(right(i)), static_cast<float>(y)};
  }
};

/// For planar outputs: a tile of 2x2 neighbours, so that each chroma sample of 4:2:0 belongs to one thread.
struct TileLayout {
  static constexpr int kPixels = 4;
  static constexpr int kWidth = 64;
  static constexpr int kHeight = 2;
  int x, y;

  __device__ TileLayout()
      : x(blockIdx.x * kWidth + threadIdx.x * 2), y((blockIdx.y * blockDim.y + threadIdx.y) * 2) {}
  __device__ static constexpr int right(int i) { return i % 2; }
  __device__ static constexpr int below(int i) { return i / 2; }
  __device__ int column(int i) const { return x + right(i); }
  __device__ int row(int i) const { return y + below(i); }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(right(i)),
            static_cast<float>(y) + static_cast<float>(below(i))};
  }
};

using Pixels = Pixel[4];

__device__ __forceinline__ Pixel transform(const PackedMatrix& k, Pixel p) {
  // Blue and green first: where they are shared by several pixels, so is most of the sum.
  return {fmaf(k.m[0], p.r, fmaf(k.m[1], p.g, fmaf(k.m[2], p.b, k.m[3]))),
          fmaf(k.m[4], p.r, fmaf(k.m[5], p.g, fmaf(k.m[6], p.b, k.m[7]))),
          fmaf(k.m[8], p.r, fmaf(k.m[9], p.g, fmaf(k.m[10], p.b, k.m[11]))), k.alpha * p.a};
}

__device__ __forceinline__ void transform(Pixels& pixels, const PackedMatrix& k, Map map) {
  if (map == Map::full) {
#pragma unroll
    for (Pixel& p : pixels) p = transform(k, p);
  } else if (map == Map::diagonal) {
#pragma unroll
    for (Pixel& p : pixels) p = {k.m[0] * p.r, k.m[5] * p.g, k.m[10] * p.b, k.alpha * p.a};
  }
}

/// Where each pixel reads its input: always within it, so that no load needs a condition.
struct Sources {
  int x[4], y[4];

  template <class Layout>
  __device__ Sources(const Layout& at, const View& view, const Plane& plane) {
    const int x0 = view.sourceX(at.x), stepX = view.flipX ? -1 : 1;
    const int y0 = view.sourceY(at.y), stepY = view.flipY ? -1 : 1;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x[i] = clampIndex(x0 + stepX * Layout::right(i), plane.width);
      y[i] = clampIndex(y0 + stepY * Layout::below(i), plane.height);
    }
  }
};

/// The four samples, all loads before the first use.
template <class Sample>
__device__ __forceinline__ void gather(Sample (&samples)[4], const Plane& plane, const Sources& from,
                                       int shiftX = 0, int shiftY = 0) {
#pragma unroll
  for (int i = 0; i < 4; i++)
    samples[i] = sampleAt<const Sample>(plane, from.x[i] >> shiftX, from.y[i] >> shiftY);
}

template <class Sample>
__device__ __forceinline__ void gatherRgba(Pixels& pixels, const Frame& frame, const Sources& from) {
  Sample samples[4];
  gather(samples, frame.planes[0], from);
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = toPixel(samples[i]);
}

template <class Sample>
__device__ __forceinline__ void gatherPlanar(Pixels& pixels, const Frame& frame, const Access& access,
                                             const Sources& from) {
  Sample y[4], u[4], v[4];
  gather(y, frame.planes[0], from);
  if (access.chroma) {
    gather(u, frame.planes[1], from, access.shiftX, access.shiftY);
    gather(v, frame.planes[2], from, access.shiftX, access.shiftY);
#pragma unroll
    for (int i = 0; i < 4; i++)
      pixels[i] = {sampleToFloat(y[i]), sampleToFloat(u[i]), sampleToFloat(v[i]), 1.0f};
  } else {
#pragma unroll
    for (int i = 0; i < 4; i++) pixels[i] = {sampleToFloat(y[i]), 128.0f, 128.0f, 1.0f};
  }
}

/// Each pixel through the view; what lies outside the input is transparent black.
template <class Layout>
__device__ __forceinline__ void loadViewed(Pixels& pixels, const Layout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Frame& frame = program.input;
  const Sources from(at, program.view, frame.planes[0]);
  if (pass.input.rgba) {
    if (pass.input.bytes) gatherRgba<uint32_t>(pixels, frame, from);
    else gatherRgba<float4>(pixels, frame, from);
  } else {
    if (pass.input.bytes) gatherPlanar<uint8_t>(pixels, frame, pass.input, from);
    else gatherPlanar<float>(pixels, frame, pass.input, from);
  }
  transform(pixels, program.load, pass.load);
  if (pass.insideView) return;
  const Plane& plane = frame.planes[0];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const int x = program.view.sourceX(at.column(i)), y = program.view.sourceY(at.row(i));
    if (static_cast<unsigned>(x) >= static_cast<unsigned>(plane.width) ||
        static_cast<unsigned>(y) >= static_cast<unsigned>(plane.height))
      pixels[i] = Pixel{};
  }
}

}  // namespace framelane::cuda
