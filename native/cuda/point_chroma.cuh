#pragma once
// The store of subsampled chroma: one sample for the pixels of a tile, whose missing ones at an odd
// edge are copies of those that exist.
#include "cuda/point_load.cuh"

namespace framelane::cuda {

__device__ __forceinline__ Pixel mean(const Pixel& a, const Pixel& b) {
  return {0.5f * (a.r + b.r), 0.5f * (a.g + b.g), 0.5f * (a.b + b.b), 1.0f};
}
__device__ __forceinline__ Pixel mean(const Pixels& p) {
  return {0.25f * ((p[0].r + p[1].r) + (p[2].r + p[3].r)), 0.25f * ((p[0].g + p[1].g) + (p[2].g + p[3].g)),
          0.25f * ((p[0].b + p[1].b) + (p[2].b + p[3].b)), 1.0f};
}

/// The chroma of the pixel `cell`, as sample `row` of the tile's column. The store matrix comes
/// after the mean, because it is affine.
template <class T>
__device__ __forceinline__ void storeCell(Pixel cell, const TileLayout& at, int row, const auto& pass) {
  const Plane(&planes)[4] = pass.program.output.planes;
  if (pass.store != Map::identity) cell = transform(pass.program.store, cell);
  setSample(sampleAt<T>(planes[1], at.x >> 1, row), cell.g, pass.output.maxCode);
  setSample(sampleAt<T>(planes[2], at.x >> 1, row), cell.b, pass.output.maxCode);
}

/// One chroma sample for every two columns, and for both rows if shiftY: the mean of its pixels.
template <class T>
__device__ __forceinline__ void storeChroma(const Pixels& tile, const TileLayout& at, const auto& pass) {
  if (pass.output.shiftY) {
    storeCell<T>(mean(tile), at, at.y >> 1, pass);
  } else {
    storeCell<T>(mean(tile[0], tile[1]), at, at.y, pass);
    if (at.y + 1 < pass.program.output.planes[1].height) storeCell<T>(mean(tile[2], tile[3]), at, at.y + 1, pass);
  }
}

/// The pixel left of a tile in its row, from the lane before; the frame's first column is its own
/// neighbour.
__device__ __forceinline__ Pixel leftNeighbour(const Pixel& first, const Pixel& second, int x) {
  constexpr unsigned kAll = 0xFFFFFFFFu;
  const Pixel left{__shfl_up_sync(kAll, second.r, 1), __shfl_up_sync(kAll, second.g, 1),
                   __shfl_up_sync(kAll, second.b, 1), 1.0f};
  return x == 0 ? first : left;
}

/// The same upwards, of rows whose pixels have been weighed together, from the warp before.
__device__ __forceinline__ Pixel upperNeighbour(const Pixel& first, const Pixel& second, int y) {
  __shared__ Pixel rows[kWarps][32];
  rows[threadIdx.y][threadIdx.x] = second;
  __syncthreads();
  return y == 0 ? first : rows[max(static_cast<int>(threadIdx.y) - 1, 0)][threadIdx.x];
}

/// Weights 1 2 1.
__device__ __forceinline__ Pixel coSited(const Pixel& before, const Pixel& on, const Pixel& after) {
  return mean(mean(before, after), on);
}

/// The same, filtered to where the sample lies.
template <class T>
__device__ __forceinline__ void storeChroma(const Pixels& tile, const ResampledTileLayout& at, const auto& pass) {
  const Access& access = pass.output;
  Pixel rows[2];
#pragma unroll
  for (int i = 0; i < 2; i++) {
    const Pixel &first = tile[2 * i], &second = tile[2 * i + 1];
    rows[i] = access.coSitedX ? coSited(leftNeighbour(first, second, at.x), first, second) : mean(first, second);
  }
  const bool stores = at.stores(pass.program.output.planes[0]);
  if (access.shiftY) {
    const Pixel cell =
        access.coSitedY ? coSited(upperNeighbour(rows[0], rows[1], at.y), rows[0], rows[1]) : mean(rows[0], rows[1]);
    if (stores) storeCell<T>(cell, at, at.y >> 1, pass);
  } else if (stores) {
    storeCell<T>(rows[0], at, at.y, pass);
    if (at.y + 1 < pass.program.output.planes[1].height) storeCell<T>(rows[1], at, at.y + 1, pass);
  }
}

}  // namespace framelane::cuda
