#pragma once
// What the host decides about a pass before it starts, and which pixels a thread of the fused
// kernel works on.
#include "core/program.hpp"
#include "cuda/pixel.cuh"

namespace framelane::cuda {

/// How a matrix is applied: a diagonal one costs a third.
enum class Map { identity, diagonal, full };

/// A frame's format taken apart, so that the kernel tests flags and knows no list of formats.
struct Access {
  Element element;
  bool rgba;                // one plane of four channels
  bool chroma;              // planes 1 and 2
  bool alpha;               // plane 3
  bool wide;                // addresses and strides allow one access for two neighbouring samples
  int shiftX, shiftY;       // of the chroma
  bool coSitedX, coSitedY;  // chroma samples lie on luma samples, not between two
  float maxCode;
  float neutral;  // the chroma of gray
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

constexpr int kWarps = 4;  // of a block
constexpr int kPointThreads = 32 * kWarps;

/// For RGBA outputs: four pixels of a row, 32 apart. Every access of a warp is one run of 32
/// neighbours, at any alignment, and each pixel finds its own input, so views and
/// subsampled planes need nothing special.
struct RowLayout {
  static constexpr bool kPlain = false;
  static constexpr bool kTwice = false;
  static constexpr ChromaGrid kGrid = ChromaGrid::kept;
  static constexpr int kWidth = 128;  // what a warp covers
  static constexpr int kHeight = 1;
  int x, y;

  __device__ explicit RowLayout(const Pass&)
      : x(blockIdx.x * kWidth + threadIdx.x), y(blockIdx.y * kWarps + threadIdx.y) {}
  __device__ bool idle(const Plane& plane) const { return x >= plane.width || y >= plane.height; }
  __device__ static constexpr int right(int i) { return 32 * i; }
  __device__ static constexpr int below(int) { return 0; }
  __device__ int column(int i) const { return x + right(i); }
  __device__ int row(int) const { return y; }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(right(i)), static_cast<float>(y)};
  }
};

/// The same where the input's chroma is interpolated.
struct ResampledRowLayout : RowLayout {
  static constexpr ChromaGrid kGrid = ChromaGrid::resampled;
  using RowLayout::RowLayout;
};

/// For planar outputs: a tile of 2x2 neighbours, so that each chroma sample of 4:2:0 belongs to one
/// thread.
struct TileLayout {
  static constexpr bool kPlain = false;
  static constexpr ChromaGrid kGrid = ChromaGrid::kept;
  static constexpr int kWidth = 64;
  static constexpr int kHeight = 2;
  int x, y;

  __device__ explicit TileLayout(const Pass&)
      : x(blockIdx.x * kWidth + threadIdx.x * 2), y((blockIdx.y * kWarps + threadIdx.y) * 2) {}
  __device__ bool idle(const Plane& plane) const { return x >= plane.width || y >= plane.height; }
  __device__ static constexpr bool stores(const Plane&) { return true; }
  __device__ static constexpr int right(int i) { return i % 2; }
  __device__ static constexpr int below(int i) { return i / 2; }
  __device__ int column(int i) const { return x + right(i); }
  __device__ int row(int i) const { return y + below(i); }
  __device__ Position position(int i) const {
    return {static_cast<float>(x) + static_cast<float>(right(i)), static_cast<float>(y) + static_cast<float>(below(i))};
  }

 protected:
  __device__ TileLayout(int column, int row) : x(column), y(row) {}
};

/// Chroma that lies on luma samples is also made of the pixels left of its tile, or above it. So
/// warps overlap by a tile: the first lane, and the first warp of a block where pixels above are
/// needed, make pixels for their neighbours only.
struct ResampledTileLayout : TileLayout {
  static constexpr ChromaGrid kGrid = ChromaGrid::resampled;
  static constexpr int kWidth = 62;
  bool helps;  // others only

  __device__ explicit ResampledTileLayout(const Pass& pass)
      : ResampledTileLayout(static_cast<int>(threadIdx.x) - 1,
                            static_cast<int>(threadIdx.y) - helpingWarps(pass.output),
                            kWarps - helpingWarps(pass.output)) {}
  __host__ __device__ static int helpingWarps(const Access& output) { return output.shiftY && output.coSitedY; }
  /// Every thread may be waited for.
  __device__ static constexpr bool idle(const Plane&) { return false; }
  __device__ bool stores(const Plane& plane) const { return !helps && !TileLayout::idle(plane); }

 private:
  /// Left of the frame and above it there is nothing to make, but the threads need some pixels.
  __device__ ResampledTileLayout(int tile, int row, int rows)
      : TileLayout(max(static_cast<int>(blockIdx.x) * kWidth + 2 * tile, 0),
                   max((static_cast<int>(blockIdx.y) * rows + row) * 2, 0)),
        helps(tile < 0 || row < 0) {}
};

/// The same where no frame has u16 samples or an alpha plane: not to ask is up to 7 % of a pass.
template <class Layout>
struct Plain : Layout {
  static constexpr bool kPlain = true;
  using Layout::Layout;
};

/// The same for passes with a second output, which others then need not ask about.
template <class Layout>
struct Twice : Layout {
  static constexpr bool kTwice = true;
  using Layout::Layout;
};

/// What an instance has to tell apart.
template <class Layout>
__device__ __forceinline__ bool isWide(const Access& access) {
  return !Layout::kPlain && access.element == Element::u16;
}
template <class Layout>
__device__ __forceinline__ bool hasAlphaPlane(const Access& access) {
  return !Layout::kPlain && access.alpha;
}

}  // namespace framelane::cuda
