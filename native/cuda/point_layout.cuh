#pragma once
// Which pixels a thread of the fused kernel works on, and what the host finds out about a pass
// before it starts.
#include "core/program.hpp"
#include "cuda/pixel.cuh"

namespace framelane::cuda {

/// How a matrix is applied: a diagonal one costs a third.
enum class Map { identity, diagonal, full };

/// A frame's format taken apart, so that the kernel tests flags and knows no list of formats.
struct Access {
  bool bytes;   // u8 samples
  bool rgba;    // one plane of four channels
  bool chroma;  // three planes
  bool wide;    // addresses and strides allow one access for two neighbouring samples
  int shiftX, shiftY;
};

/// The kernel's one argument.
struct Pass {
  PointProgram program;
  Access input, output;
  Map load, store;
  bool unitStore;   // the store matrix is 255 times the identity
  bool insideView;  // no pixel reads outside the input
  bool directView;  // nothing is mirrored either, and the offset is even: tiles of the output are
                    // tiles of the input
};

/// For RGBA outputs: four pixels of a row, 32 apart. Every access of a warp is one run of 32
/// neighbours, whatever their alignment, and each pixel finds its own input, so views and
/// subsampled planes need nothing special.
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

/// For planar outputs: a tile of 2x2 neighbours, so that each chroma sample of 4:2:0 belongs to one
/// thread.
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

__device__ __forceinline__ void clear(Pixels& pixels) {
#pragma unroll
  for (Pixel& p : pixels) p = Pixel{};
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

/// Where each pixel reads its input through any view: always within it, so that no load needs a
/// condition.
struct Viewed {
  int x[4], y[4];

  template <class Layout>
  __device__ Viewed(const Layout& at, const View& view, const Plane& plane) {
    const int x0 = view.sourceX(at.x), stepX = view.flipX ? -1 : 1;
    const int y0 = view.sourceY(at.y), stepY = view.flipY ? -1 : 1;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x[i] = clampIndex(x0 + stepX * Layout::right(i), plane.width);
      y[i] = clampIndex(y0 + stepY * Layout::below(i), plane.height);
    }
  }

  template <class Sample>
  __device__ void gather(Sample (&samples)[4], const Plane& plane, int shiftX = 0,
                         int shiftY = 0) const {
#pragma unroll
    for (int i = 0; i < 4; i++)
      samples[i] = sampleAt<const Sample>(plane, x[i] >> shiftX, y[i] >> shiftY);
  }
};

/// All loads of the thread come before the first use of one: `from.gather` reads a plane's four
/// samples.
template <class Sample, class From>
__device__ __forceinline__ void gatherRgba(Pixels& pixels, const Frame& frame, const From& from) {
  Sample samples[4];
  from.gather(samples, frame.planes[0]);
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = toPixel(samples[i]);
}

template <class Sample, class From>
__device__ __forceinline__ void gatherPlanar(Pixels& pixels, const Frame& frame,
                                             const Access& access, const From& from) {
  Sample y[4], u[4], v[4];
  from.gather(y, frame.planes[0]);
  if (access.chroma) {
    from.gather(u, frame.planes[1], access.shiftX, access.shiftY);
    from.gather(v, frame.planes[2], access.shiftX, access.shiftY);
#pragma unroll
    for (int i = 0; i < 4; i++)
      pixels[i] = {sampleToFloat(y[i]), sampleToFloat(u[i]), sampleToFloat(v[i]), 1.0f};
  } else {
#pragma unroll
    for (int i = 0; i < 4; i++) pixels[i] = {sampleToFloat(y[i]), 128.0f, 128.0f, 1.0f};
  }
}

template <class From>
__device__ __forceinline__ void gatherPixels(Pixels& pixels, const Frame& frame,
                                             const Access& access, const From& from) {
  if (access.rgba) {
    if (access.bytes)
      gatherRgba<uint32_t>(pixels, frame, from);
    else
      gatherRgba<float4>(pixels, frame, from);
  } else {
    if (access.bytes)
      gatherPlanar<uint8_t>(pixels, frame, access, from);
    else
      gatherPlanar<float>(pixels, frame, access, from);
  }
}

/// Each pixel through the view; what lies outside the input is transparent black.
template <class Layout>
__device__ __forceinline__ void loadViewed(Pixels& pixels, const Layout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane& plane = program.input.planes[0];
  gatherPixels(pixels, program.input, pass.input, Viewed(at, program.view, plane));
  transform(pixels, program.load, pass.load);
  if (pass.insideView) return;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const int x = program.view.sourceX(at.column(i)), y = program.view.sourceY(at.row(i));
    if (static_cast<unsigned>(x) >= static_cast<unsigned>(plane.width) ||
        static_cast<unsigned>(y) >= static_cast<unsigned>(plane.height))
      pixels[i] = Pixel{};
  }
}

}  // namespace framelane::cuda
