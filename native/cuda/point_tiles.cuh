#pragma once
// Loads and stores of TileLayout: the output is planar.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

/// True where a tile is complete and its rows may be moved by one access each.
__device__ __forceinline__ bool isWhole(const TileLayout& at, const Plane& plane,
                                        const Access& access) {
  return access.wide && at.x + 1 < plane.width && at.y + 1 < plane.height;
}

__device__ __forceinline__ void loadRgba(Pixels& tile, const Pass& pass, int x, int y) {
  const Plane& plane = pass.program.input.planes[0];
  if (pass.input.bytes) {
    const uint2 top = sampleAt<const uint2>(plane, x >> 1, y),
                bottom = sampleAt<const uint2>(plane, x >> 1, y + 1);
    tile[0] = toPixel(top.x);
    tile[1] = toPixel(top.y);
    tile[2] = toPixel(bottom.x);
    tile[3] = toPixel(bottom.y);
  } else {
    const float4* const top = &sampleAt<const float4>(plane, x, y);
    const float4* const bottom = &sampleAt<const float4>(plane, x, y + 1);
    tile[0] = toPixel(top[0]);
    tile[1] = toPixel(top[1]);
    tile[2] = toPixel(bottom[0]);
    tile[3] = toPixel(bottom[1]);
  }
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
  const Plane(&planes)[3] = pass.program.input.planes;
  const LumaWords<T> luma(planes[0], x, y);
  if (!pass.input.chroma) {
    luma.unpack(tile, both(128.0f), both(128.0f), both(128.0f), both(128.0f));
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

__device__ __forceinline__ void load(Pixels& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  if (!pass.directView || !isWhole(at, program.output.planes[0], pass.input)) {
    loadViewed(tile, at, pass);
    return;
  }
  const int x = at.x + program.view.x, y = at.y + program.view.y;
  if (pass.input.rgba)
    loadRgba(tile, pass, x, y);
  else if (pass.input.bytes)
    loadPlanar<uint8_t>(tile, pass, x, y);
  else
    loadPlanar<float>(tile, pass, x, y);
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

/// One chroma sample for every two columns, and for both rows if shiftY. The mean is taken before
/// the store matrix, which is affine.
template <class T>
__device__ __forceinline__ void storeChroma(const Pixels& tile, const TileLayout& at,
                                            const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.output.planes;
  const auto storeCell = [&](Pixel cell, int y) {
    if (pass.store != Map::identity) cell = transform(program.store, cell);
    setSample(sampleAt<T>(planes[1], at.x >> 1, y), cell.g);
    setSample(sampleAt<T>(planes[2], at.x >> 1, y), cell.b);
  };
  if (pass.output.shiftY) {
    storeCell(mean(tile), at.y >> 1);
  } else {
    storeCell(mean(tile[0], tile[1]), at.y);
    if (at.y + 1 < planes[1].height) storeCell(mean(tile[2], tile[3]), at.y + 1);
  }
}

/// The tile's part of a plane of full resolution.
template <class T>
__device__ __forceinline__ void storeRows(const Plane& plane, const TileLayout& at, bool whole,
                                          Run<2> top, Run<2> bottom) {
  using Word = typename RunWord<T, 2>::Type;
  if (whole) {
    setWord(sampleAt<Word>(plane, at.x >> 1, at.y), top);
    setWord(sampleAt<Word>(plane, at.x >> 1, at.y + 1), bottom);
  } else {
    storeRun<T, 2>(plane, at.x, at.y, false, top);
    storeRun<T, 2>(plane, at.x, at.y + 1, false, bottom);
  }
}

template <class T>
__device__ __forceinline__ void storePlanar(Pixels& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.output.planes;
  const bool whole = isWhole(at, planes[0], pass.output);
  if (!whole) replicateEdge(tile, at, planes[0]);
  if (pass.output.chroma && pass.output.shiftX) storeChroma<T>(tile, at, pass);
  transform(tile, program.store, pass.store);
  storeRows<T>(planes[0], at, whole, {tile[0].r, tile[1].r}, {tile[2].r, tile[3].r});
  if (!pass.output.chroma || pass.output.shiftX) return;
  storeRows<T>(planes[1], at, whole, {tile[0].g, tile[1].g}, {tile[2].g, tile[3].g});
  storeRows<T>(planes[2], at, whole, {tile[0].b, tile[1].b}, {tile[2].b, tile[3].b});
}

__device__ __forceinline__ void store(Pixels& tile, const TileLayout& at, const Pass& pass) {
  if (pass.output.bytes)
    storePlanar<uint8_t>(tile, at, pass);
  else
    storePlanar<float>(tile, at, pass);
}

}  // namespace framelane::cuda
