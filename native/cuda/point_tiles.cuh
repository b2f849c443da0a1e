#pragma once
// Loads and stores of TileLayout: the output is planar.
#include <concepts>

#include "cuda/point_load.cuh"

namespace framelane::cuda {

/// True where a tile is complete and its rows may be moved by one access each.
__device__ __forceinline__ bool isWhole(const TileLayout& at, const Plane& plane,
                                        const Access& access) {
  return access.wide && at.x + 1 < plane.width && at.y + 1 < plane.height;
}

/// Two neighbouring pixels by one access where the hardware has one that wide.
template <class Sample>
__device__ __forceinline__ void loadPair(Pixel& left, Pixel& right, const Plane& plane, int x,
                                         int y) {
  const Sample* const row = &sampleAt<const Sample>(plane, x, y);
  left = toPixel(row[0]);
  right = toPixel(row[1]);
}
template <>
__device__ __forceinline__ void loadPair<uint32_t>(Pixel& left, Pixel& right, const Plane& plane,
                                                   int x, int y) {
  const uint2 pair = sampleAt<const uint2>(plane, x >> 1, y);
  left = toPixel(pair.x);
  right = toPixel(pair.y);
}

template <class Sample>
__device__ __forceinline__ void loadRgba(Pixels& tile, const Pass& pass, int x, int y) {
  const Plane& plane = pass.program.input.planes[0];
  loadPair<Sample>(tile[0], tile[1], plane, x, y);
  loadPair<Sample>(tile[2], tile[3], plane, x, y + 1);
  transform(tile, pass.program.load, pass.load);
}

/// Luma of a whole tile, loaded before the chroma and converted after it.
template <class T>
struct LumaWords {
  using Word = typename RunWord<T, 2>::Type;
  Word top, bottom;

  __device__ LumaWords(const Plane& plane, int x, int y)
      : top(sampleAt<const Word>(plane, x >> 1, y)),
        bottom(sampleAt<const Word>(plane, x >> 1, y + 1)) {}
  __device__ void unpack(Pixels& tile, Run<2> topU, Run<2> topV, Run<2> bottomU,
                         Run<2> bottomV) const {
    const Run<2> a = toRun(top), b = toRun(bottom);
    tile[0] = {a.v[0], topU.v[0], topV.v[0], 1.0f};
    tile[1] = {a.v[1], topU.v[1], topV.v[1], 1.0f};
    tile[2] = {b.v[0], bottomU.v[0], bottomV.v[0], 1.0f};
    tile[3] = {b.v[1], bottomU.v[1], bottomV.v[1], 1.0f};
  }
};

__device__ __forceinline__ Run<2> both(float v) { return {v, v}; }

/// The load matrix is applied within each case, where the compiler sees which pixels share their
/// chroma.
template <class T>
__device__ __forceinline__ void loadPlanar(Pixels& tile, const Pass& pass, int x, int y) {
  using Word = typename RunWord<T, 2>::Type;
  const Plane(&planes)[4] = pass.program.input.planes;
  const LumaWords<T> luma(planes[0], x, y);
  if (!pass.input.chroma) {
    const Run<2> none = both(pass.input.neutral);
    luma.unpack(tile, none, none, none, none);
    transform(tile, pass.program.load, pass.load);
  } else if (pass.input.shiftY) {
    const T u = sampleAt<const T>(planes[1], x >> 1, y >> 1),
            v = sampleAt<const T>(planes[2], x >> 1, y >> 1);
    const Run<2> us = both(sampleToFloat(u)), vs = both(sampleToFloat(v));
    luma.unpack(tile, us, vs, us, vs);
    transform(tile, pass.program.load, pass.load);
  } else if (pass.input.shiftX) {
    const T u0 = sampleAt<const T>(planes[1], x >> 1, y),
            v0 = sampleAt<const T>(planes[2], x >> 1, y);
    const T u1 = sampleAt<const T>(planes[1], x >> 1, y + 1),
            v1 = sampleAt<const T>(planes[2], x >> 1, y + 1);
    luma.unpack(tile, both(sampleToFloat(u0)), both(sampleToFloat(v0)), both(sampleToFloat(u1)),
                both(sampleToFloat(v1)));
    transform(tile, pass.program.load, pass.load);
  } else {
    const Word u0 = sampleAt<const Word>(planes[1], x >> 1, y),
               v0 = sampleAt<const Word>(planes[2], x >> 1, y);
    const Word u1 = sampleAt<const Word>(planes[1], x >> 1, y + 1);
    const Word v1 = sampleAt<const Word>(planes[2], x >> 1, y + 1);
    luma.unpack(tile, toRun(u0), toRun(v0), toRun(u1), toRun(v1));
    transform(tile, pass.program.load, pass.load);
  }
}

/// A tile's alpha after the load matrix has been applied to its other samples.
template <class T>
__device__ __forceinline__ void loadAlpha(Pixels& tile, const Pass& pass, int x, int y) {
  using Word = typename RunWord<T, 2>::Type;
  const Plane& plane = pass.program.input.planes[3];
  const Word top = sampleAt<const Word>(plane, x >> 1, y),
             bottom = sampleAt<const Word>(plane, x >> 1, y + 1);
  const Run<2> a = toRun(top), b = toRun(bottom);
  const float scale = pass.program.load.alpha;
  tile[0].a = scale * a.v[0];
  tile[1].a = scale * a.v[1];
  tile[2].a = scale * b.v[0];
  tile[3].a = scale * b.v[1];
}

template <class Sample, class Pair>
__device__ __forceinline__ void loadTile(Pixels& tile, const Pass& pass, int x, int y) {
  if (pass.input.rgba) {
    loadRgba<Pair>(tile, pass, x, y);
  } else {
    loadPlanar<Sample>(tile, pass, x, y);
    if (pass.input.alpha) loadAlpha<Sample>(tile, pass, x, y);
  }
}

template <std::derived_from<TileLayout> Layout>
__device__ __forceinline__ void load(Pixels& tile, const Layout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const bool interpolates = Layout::kGrid == ChromaGrid::resampled && pass.input.shiftX;
  if (!pass.directView || interpolates || !isWhole(at, program.output.planes[0], pass.input)) {
    loadViewed(tile, at, pass);
    return;
  }
  const int x = at.x + program.view.x, y = at.y + program.view.y;
  switch (pass.input.element) {
    case Element::u8: return loadTile<uint8_t, uint32_t>(tile, pass, x, y);
    case Element::u16: return loadTile<uint16_t, ushort4>(tile, pass, x, y);
    case Element::f32: return loadTile<float, float4>(tile, pass, x, y);
  }
}

/// The mean of the two or four pixels that share a chroma sample, or of those that exist at an odd
/// edge.
__device__ __forceinline__ Pixel mean(const Pixel& a, const Pixel& b) {
  return {0.5f * (a.r + b.r), 0.5f * (a.g + b.g), 0.5f * (a.b + b.b), 1.0f};
}
__device__ __forceinline__ Pixel mean(const Pixels& p) {
  return {0.25f * ((p[0].r + p[1].r) + (p[2].r + p[3].r)),
          0.25f * ((p[0].g + p[1].g) + (p[2].g + p[3].g)),
          0.25f * ((p[0].b + p[1].b) + (p[2].b + p[3].b)), 1.0f};
}

/// The pixels of a tile that the frame's right or lower edge cuts off become copies of those it
/// leaves.
__device__ __forceinline__ void replicateEdge(Pixels& tile, const TileLayout& at,
                                              const Plane& plane) {
  if (at.x + 1 >= plane.width) {
    tile[1] = tile[0];
    tile[3] = tile[2];
  }
  if (at.y + 1 >= plane.height) {
    tile[2] = tile[0];
    tile[3] = tile[1];
  }
}

/// The chroma of the pixel `cell`, as sample `row` of the tile's column. The store matrix comes after
/// the mean, because it is affine.
template <class T>
__device__ __forceinline__ void storeCell(Pixel cell, const TileLayout& at, int row,
                                          const Pass& pass) {
  const Plane(&planes)[4] = pass.program.output.planes;
  if (pass.store != Map::identity) cell = transform(pass.program.store, cell);
  setSample(sampleAt<T>(planes[1], at.x >> 1, row), cell.g, pass.output.maxCode);
  setSample(sampleAt<T>(planes[2], at.x >> 1, row), cell.b, pass.output.maxCode);
}

/// One chroma sample for every two columns, and for both rows if shiftY.
template <class T>
__device__ __forceinline__ void storeChroma(const Pixels& tile, const TileLayout& at,
                                            const Pass& pass) {
  if (pass.output.shiftY) {
    storeCell<T>(mean(tile), at, at.y >> 1, pass);
  } else {
    storeCell<T>(mean(tile[0], tile[1]), at, at.y, pass);
    if (at.y + 1 < pass.program.output.planes[1].height)
      storeCell<T>(mean(tile[2], tile[3]), at, at.y + 1, pass);
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

template <class T>
__device__ __forceinline__ void storeChroma(const Pixels& tile, const ResampledTileLayout& at,
                                            const Pass& pass) {
  const Access& access = pass.output;
  Pixel rows[2];
#pragma unroll
  for (int i = 0; i < 2; i++) {
    const Pixel &first = tile[2 * i], &second = tile[2 * i + 1];
    rows[i] = access.coSitedX ? coSited(leftNeighbour(first, second, at.x), first, second)
                              : mean(first, second);
  }
  const bool stores = at.stores(pass.program.output.planes[0]);
  if (access.shiftY) {
    const Pixel cell = access.coSitedY
                           ? coSited(upperNeighbour(rows[0], rows[1], at.y), rows[0], rows[1])
                           : mean(rows[0], rows[1]);
    if (stores) storeCell<T>(cell, at, at.y >> 1, pass);
  } else if (stores) {
    storeCell<T>(rows[0], at, at.y, pass);
    if (at.y + 1 < pass.program.output.planes[1].height) storeCell<T>(rows[1], at, at.y + 1, pass);
  }
}

/// The tile's part of a plane of full resolution.
template <class T>
__device__ __forceinline__ void storeRows(const Plane& plane, const TileLayout& at, bool whole,
                                          Run<2> top, Run<2> bottom, float maxCode) {
  using Word = typename RunWord<T, 2>::Type;
  if (whole) {
    setWord(sampleAt<Word>(plane, at.x >> 1, at.y), top, maxCode);
    setWord(sampleAt<Word>(plane, at.x >> 1, at.y + 1), bottom, maxCode);
  } else {
    storeRun<T, 2>(plane, at.x, at.y, false, top, maxCode);
    storeRun<T, 2>(plane, at.x, at.y + 1, false, bottom, maxCode);
  }
}

template <class T, class Layout>
__device__ __forceinline__ void storePlanar(Pixels& tile, const Layout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Access& access = pass.output;
  const Plane(&planes)[4] = program.output.planes;
  const bool whole = isWhole(at, planes[0], access);
  if (!whole) replicateEdge(tile, at, planes[0]);
  if (access.shiftX) storeChroma<T>(tile, at, pass);
  if (!at.stores(planes[0])) return;
  transform(tile, program.store, pass.store);
  const auto rows = [&](int plane, float Pixel::*channel) {
    storeRows<T>(planes[plane], at, whole, {tile[0].*channel, tile[1].*channel},
                 {tile[2].*channel, tile[3].*channel}, access.maxCode);
  };
  rows(0, &Pixel::r);
  if (access.alpha) rows(3, &Pixel::a);
  if (!access.chroma || access.shiftX) return;
  rows(1, &Pixel::g);
  rows(2, &Pixel::b);
}

template <std::derived_from<TileLayout> Layout>
__device__ __forceinline__ void store(Pixels& tile, const Layout& at, const Pass& pass) {
  switch (pass.output.element) {
    case Element::u8: return storePlanar<uint8_t>(tile, at, pass);
    case Element::u16: return storePlanar<uint16_t>(tile, at, pass);
    case Element::f32: return storePlanar<float>(tile, at, pass);
  }
}

}  // namespace framelane::cuda
