#pragma once
// Loads and stores of TileLayout: the output is planar.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

/// Two neighbouring pixels of an rgba8 row; beyond its end, the last one.
__device__ __forceinline__ uint2 loadWords(const Plane& plane, int x, int y, bool wide) {
  y = min(y, plane.height - 1);
  if (wide && x + 2 <= plane.width) return sampleAt<const uint2>(plane, x / 2, y);
  return {sampleAt<const uint32_t>(plane, x, y),
          sampleAt<const uint32_t>(plane, min(x + 1, plane.width - 1), y)};
}

__device__ __forceinline__ void loadRgba(Pixels& tile, const Pass& pass, int x, int y) {
  const Plane& plane = pass.program.input.planes[0];
  if (pass.input.bytes) {
    const uint2 top = loadWords(plane, x, y, pass.input.wide);
    const uint2 bottom = loadWords(plane, x, y + 1, pass.input.wide);
    tile[0] = toPixel(top.x);
    tile[1] = toPixel(top.y);
    tile[2] = toPixel(bottom.x);
    tile[3] = toPixel(bottom.y);
  } else {
#pragma unroll
    for (int i = 0; i < 4; i++)
      tile[i] = toPixel(sampleAt<const float4>(plane, min(x + i % 2, plane.width - 1),
                                               min(y + i / 2, plane.height - 1)));
  }
  transform(tile, pass.program.load, pass.load);
}

/// The load matrix is applied within each case, where the compiler sees which pixels share their chroma.
template <class T>
__device__ __forceinline__ void loadPlanar(Pixels& tile, const Pass& pass, int x, int y) {
  const Plane(&planes)[3] = pass.program.input.planes;
  const Access& access = pass.input;
  const Run<2> top = loadRun<T, 2>(planes[0], x, y, access.wide);
  const Run<2> bottom = loadRun<T, 2>(planes[0], x, y + 1, access.wide);
  const float luma[4] = {top.v[0], top.v[1], bottom.v[0], bottom.v[1]};
  if (!access.chroma) {
#pragma unroll
    for (int i = 0; i < 4; i++) tile[i] = {luma[i], 128.0f, 128.0f, 1.0f};
    transform(tile, pass.program.load, pass.load);
  } else if (access.shiftY) {
    const float u = sampleToFloat(sampleAt<const T>(planes[1], x / 2, y / 2));
    const float v = sampleToFloat(sampleAt<const T>(planes[2], x / 2, y / 2));
#pragma unroll
    for (int i = 0; i < 4; i++) tile[i] = {luma[i], u, v, 1.0f};
    transform(tile, pass.program.load, pass.load);
  } else if (access.shiftX) {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      const int below = min(y + row, planes[1].height - 1);
      const float u = sampleToFloat(sampleAt<const T>(planes[1], x / 2, below));
      const float v = sampleToFloat(sampleAt<const T>(planes[2], x / 2, below));
#pragma unroll
      for (int i = row * 2; i < row * 2 + 2; i++) tile[i] = {luma[i], u, v, 1.0f};
    }
    transform(tile, pass.program.load, pass.load);
  } else {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      const Run<2> u = loadRun<T, 2>(planes[1], x, y + row, access.wide);
      const Run<2> v = loadRun<T, 2>(planes[2], x, y + row, access.wide);
#pragma unroll
      for (int i = 0; i < 2; i++) tile[row * 2 + i] = {luma[row * 2 + i], u.v[i], v.v[i], 1.0f};
    }
    transform(tile, pass.program.load, pass.load);
  }
}

__device__ __forceinline__ void swap(Pixel& a, Pixel& b) {
  const Pixel kept = a;
  a = b;
  b = kept;
}

__device__ __forceinline__ void load(Pixels& tile, const TileLayout& at, const Pass& pass) {
  const View& view = pass.program.view;
  if (!pass.tiledView) {
    loadViewed(tile, at, pass);
    return;
  }
  const int x = view.sourceX(view.flipX ? at.x + 1 : at.x);
  const int y = view.sourceY(view.flipY ? at.y + 1 : at.y);
  if (pass.input.rgba) loadRgba(tile, pass, x, y);
  else if (pass.input.bytes) loadPlanar<uint8_t>(tile, pass, x, y);
  else loadPlanar<float>(tile, pass, x, y);
  if (view.flipX) {
    swap(tile[0], tile[1]);
    swap(tile[2], tile[3]);
  }
  if (view.flipY) {
    swap(tile[0], tile[2]);
    swap(tile[1], tile[3]);
  }
}

/// The mean of the two or four pixels that share a chroma sample, or of those that exist at an odd edge.
__device__ __forceinline__ Pixel mean(const Pixel& a, const Pixel& b) {
  return {0.5f * (a.r + b.r), 0.5f * (a.g + b.g), 0.5f * (a.b + b.b), 1.0f};
}
__device__ __forceinline__ Pixel mean(const Pixels& p) {
  return {0.25f * ((p[0].r + p[1].r) + (p[2].r + p[3].r)), 0.25f * ((p[0].g + p[1].g) + (p[2].g + p[3].g)),
          0.25f * ((p[0].b + p[1].b) + (p[2].b + p[3].b)), 1.0f};
}

/// One chroma sample for every two columns, and for both rows if shiftY. The mean is taken before the store matrix, which
/// is affine.
template <class T>
__device__ __forceinline__ void storeChroma(Pixels& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.output.planes;
  if (at.x + 1 >= planes[0].width) {
    tile[1] = tile[0];
    tile[3] = tile[2];
  }
  if (at.y + 1 >= planes[0].height) {
    tile[2] = tile[0];
    tile[3] = tile[1];
  }
  const auto storeCell = [&](Pixel cell, int y) {
    if (pass.store != Map::identity) cell = transform(program.store, cell);
    setSample(sampleAt<T>(planes[1], at.x / 2, y), cell.g);
    setSample(sampleAt<T>(planes[2], at.x / 2, y), cell.b);
  };
  if (pass.output.shiftY) {
    storeCell(mean(tile), at.y / 2);
  } else {
    storeCell(mean(tile[0], tile[1]), at.y);
    if (at.y + 1 < planes[1].height) storeCell(mean(tile[2], tile[3]), at.y + 1);
  }
}

template <class T>
__device__ __forceinline__ void storePlanar(Pixels& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.output.planes;
  const bool wide = pass.output.wide;
  const auto storeRows = [&](const Plane& plane, float Pixel::*channel) {
    storeRun<T, 2>(plane, at.x, at.y, wide, {tile[0].*channel, tile[1].*channel});
    storeRun<T, 2>(plane, at.x, at.y + 1, wide, {tile[2].*channel, tile[3].*channel});
  };
  if (pass.output.chroma && !pass.output.shiftX) {
    transform(tile, program.store, pass.store);
    storeRows(planes[0], &Pixel::r);
    storeRows(planes[1], &Pixel::g);
    storeRows(planes[2], &Pixel::b);
    return;
  }
  if (pass.output.chroma) storeChroma<T>(tile, at, pass);
  transform(tile, program.store, pass.store);
  storeRows(planes[0], &Pixel::r);
}

__device__ __forceinline__ void store(Pixels& tile, const TileLayout& at, const Pass& pass) {
  if (pass.output.bytes) storePlanar<uint8_t>(tile, at, pass);
  else storePlanar<float>(tile, at, pass);
}

}  // namespace framelane::cuda
