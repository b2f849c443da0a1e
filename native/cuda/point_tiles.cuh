#pragma once
// Loads and stores of TileLayout: the output is planar.
#include <concepts>

#include "cuda/point_chroma.cuh"

namespace framelane::cuda {

/// True where a tile is complete and its rows may be moved by one access each.
__device__ __forceinline__ bool isWhole(const TileLayout& at, const Plane& plane, const Access& access) {
  return access.wide && at.x + 1 < plane.width && at.y + 1 < plane.height;
}

/// Two neighbouring pixels by one access where the hardware has one that wide.
template <class Sample>
__device__ __forceinline__ void loadPair(Pixel& left, Pixel& right, const Plane& plane, int x, int y) {
  const Sample* const row = &sampleAt<const Sample>(plane, x, y);
  left = toPixel(row[0]);
  right = toPixel(row[1]);
}
template <>
__device__ __forceinline__ void loadPair<uint32_t>(Pixel& left, Pixel& right, const Plane& plane, int x, int y) {
  const uint2 pair = sampleAt<const uint2>(plane, x >> 1, y);
  left = toPixel(pair.x);
  right = toPixel(pair.y);
}

template <class Sample>
__device__ __forceinline__ void loadRgba(Pixels& tile, const auto& pass, int x, int y) {
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
      : top(sampleAt<const Word>(plane, x >> 1, y)), bottom(sampleAt<const Word>(plane, x >> 1, y + 1)) {}
  __device__ void unpack(Pixels& tile, Run<2> topU, Run<2> topV, Run<2> bottomU, Run<2> bottomV) const {
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
__device__ __forceinline__ void loadPlanar(Pixels& tile, const auto& pass, int x, int y) {
  using Word = typename RunWord<T, 2>::Type;
  const Plane(&planes)[4] = pass.program.input.planes;
  const LumaWords<T> luma(planes[0], x, y);
  if (!pass.input.chroma) {
    const Run<2> none = both(pass.input.neutral);
    luma.unpack(tile, none, none, none, none);
    transform(tile, pass.program.load, pass.load);
  } else if (pass.input.shiftY) {
    const T u = sampleAt<const T>(planes[1], x >> 1, y >> 1), v = sampleAt<const T>(planes[2], x >> 1, y >> 1);
    const Run<2> us = both(sampleToFloat(u)), vs = both(sampleToFloat(v));
    luma.unpack(tile, us, vs, us, vs);
    transform(tile, pass.program.load, pass.load);
  } else if (pass.input.shiftX) {
    const T u0 = sampleAt<const T>(planes[1], x >> 1, y), v0 = sampleAt<const T>(planes[2], x >> 1, y);
    const T u1 = sampleAt<const T>(planes[1], x >> 1, y + 1), v1 = sampleAt<const T>(planes[2], x >> 1, y + 1);
    luma.unpack(tile, both(sampleToFloat(u0)), both(sampleToFloat(v0)), both(sampleToFloat(u1)),
                both(sampleToFloat(v1)));
    transform(tile, pass.program.load, pass.load);
  } else {
    const Word u0 = sampleAt<const Word>(planes[1], x >> 1, y), v0 = sampleAt<const Word>(planes[2], x >> 1, y);
    const Word u1 = sampleAt<const Word>(planes[1], x >> 1, y + 1);
    const Word v1 = sampleAt<const Word>(planes[2], x >> 1, y + 1);
    luma.unpack(tile, toRun(u0), toRun(v0), toRun(u1), toRun(v1));
    transform(tile, pass.program.load, pass.load);
  }
}

/// A tile's alpha after the load matrix has been applied to its other samples.
template <class T>
__device__ __forceinline__ void loadAlpha(Pixels& tile, const auto& pass, int x, int y) {
  using Word = typename RunWord<T, 2>::Type;
  const Plane& plane = pass.program.input.planes[3];
  const Word top = sampleAt<const Word>(plane, x >> 1, y), bottom = sampleAt<const Word>(plane, x >> 1, y + 1);
  const Run<2> a = toRun(top), b = toRun(bottom);
  const float scale = pass.program.load.alpha;
  tile[0].a = scale * a.v[0];
  tile[1].a = scale * a.v[1];
  tile[2].a = scale * b.v[0];
  tile[3].a = scale * b.v[1];
}

template <class Layout, class Sample, class Pair>
__device__ __forceinline__ void loadTile(Pixels& tile, const auto& pass, int x, int y) {
  if (pass.input.rgba) {
    loadRgba<Pair>(tile, pass, x, y);
  } else {
    loadPlanar<Sample>(tile, pass, x, y);
    if (hasAlphaPlane<Layout>(pass.input)) loadAlpha<Sample>(tile, pass, x, y);
  }
}

template <std::derived_from<TileLayout> Layout>
__device__ __forceinline__ void load(Pixels& tile, const Layout& at, const auto& pass) {
  const PointProgram& program = pass.program;
  const bool interpolates = Layout::kGrid == ChromaGrid::resampled && pass.input.shiftX;
  if (!pass.directView || interpolates || !isWhole(at, program.output.planes[0], pass.input)) {
    loadViewed(tile, at, pass);
    return;
  }
  const int x = at.x + program.view.x, y = at.y + program.view.y;
  if (pass.input.element == Element::u8)
    loadTile<Layout, uint8_t, uint32_t>(tile, pass, x, y);
  else if (isWide<Layout>(pass.input))
    loadTile<Layout, uint16_t, ushort4>(tile, pass, x, y);
  else
    loadTile<Layout, float, float4>(tile, pass, x, y);
}

/// The pixels of a tile that the frame's right or lower edge cuts off become copies of those it
/// leaves.
__device__ __forceinline__ void replicateEdge(Pixels& tile, const TileLayout& at, const Plane& plane) {
  if (at.x + 1 >= plane.width) {
    tile[1] = tile[0];
    tile[3] = tile[2];
  }
  if (at.y + 1 >= plane.height) {
    tile[2] = tile[0];
    tile[3] = tile[1];
  }
}

/// The tile's part of a plane of full resolution.
template <class T>
__device__ __forceinline__ void storeRows(const Plane& plane, const TileLayout& at, bool whole, Run<2> top,
                                          Run<2> bottom, float maxCode) {
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
__device__ __forceinline__ void storePlanar(Pixels& tile, const Layout& at, const auto& pass) {
  const PointProgram& program = pass.program;
  const Access& access = pass.output;
  const Plane(&planes)[4] = program.output.planes;
  const bool whole = isWhole(at, planes[0], access);
  if (!whole) replicateEdge(tile, at, planes[0]);
  if (access.shiftX) storeChroma<T>(tile, at, pass);
  if (!at.stores(planes[0])) return;
  transform(tile, program.store, pass.store);
  const auto rows = [&](int plane, float Pixel::*channel) {
    storeRows<T>(planes[plane], at, whole, {tile[0].*channel, tile[1].*channel}, {tile[2].*channel, tile[3].*channel},
                 access.maxCode);
  };
  rows(0, &Pixel::r);
  if (hasAlphaPlane<Layout>(access)) rows(3, &Pixel::a);
  if (!access.chroma || access.shiftX) return;
  rows(1, &Pixel::g);
  rows(2, &Pixel::b);
}

template <std::derived_from<TileLayout> Layout>
__device__ __forceinline__ void store(Pixels& tile, const Layout& at, const auto& pass) {
  if (pass.output.element == Element::u8)
    storePlanar<uint8_t>(tile, at, pass);
  else if (isWide<Layout>(pass.output))
    storePlanar<uint16_t>(tile, at, pass);
  else
    storePlanar<float>(tile, at, pass);
}

}  // namespace framelane::cuda
