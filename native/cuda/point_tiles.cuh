#pragma once
// Loads and stores of TileLayout: at least one side is planar.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

using Tile = Pixel[TileLayout::kPixels];

/// Four neighbouring pixels of an rgba8 row.
__device__ __forceinline__ uint4 loadWords(const Plane& plane, int x, int y, bool wide) {
  y = min(y, plane.height - 1);
  if (wide && x + 4 <= plane.width) return sampleAt<const uint4>(plane, x / 4, y);
  const auto word = [&](int i) {
    return sampleAt<const uint32_t>(plane, min(x + i, plane.width - 1), y);
  };
  return {word(0), word(1), word(2), word(3)};
}

__device__ __forceinline__ void loadRgbaTile(Tile& tile, const Pass& pass, int x, int y) {
  const Plane& plane = pass.program.input.planes[0];
  if (pass.input.bytes) {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      const uint4 words = loadWords(plane, x, y + row, pass.input.wide);
      tile[row * 4 + 0] = toPixel(words.x);
      tile[row * 4 + 1] = toPixel(words.y);
      tile[row * 4 + 2] = toPixel(words.z);
      tile[row * 4 + 3] = toPixel(words.w);
    }
  } else {
#pragma unroll
    for (int i = 0; i < 8; i++)
      tile[i] = toPixel(sampleAt<const float4>(plane, min(x + i % 4, plane.width - 1),
                                               min(y + i / 4, plane.height - 1)));
  }
  transform(tile, pass.program.load, pass.load);
}

/// The load matrix is applied within each case, where the compiler sees which pixels share their chroma.
template <class T>
__device__ __forceinline__ void loadPlanarTile(Tile& tile, const Pass& pass, int x, int y) {
  const Plane(&planes)[3] = pass.program.input.planes;
  const Access& access = pass.input;
#pragma unroll
  for (int row = 0; row < 2; row++) {
    const Run<4> luma = loadRun<T, 4>(planes[0], x, y + row, access.wide);
#pragma unroll
    for (int i = 0; i < 4; i++) tile[row * 4 + i] = {luma.v[i], 128.0f, 128.0f, 1.0f};
  }
  if (!access.chroma) {
    transform(tile, pass.program.load, pass.load);
  } else if (access.shiftY) {
    const Run<2> u = loadRun<T, 2>(planes[1], x / 2, y / 2, access.wide);
    const Run<2> v = loadRun<T, 2>(planes[2], x / 2, y / 2, access.wide);
#pragma unroll
    for (int i = 0; i < 8; i++) tile[i] = {tile[i].r, u.v[i % 4 / 2], v.v[i % 4 / 2], 1.0f};
    transform(tile, pass.program.load, pass.load);
  } else if (access.shiftX) {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      const Run<2> u = loadRun<T, 2>(planes[1], x / 2, y + row, access.wide);
      const Run<2> v = loadRun<T, 2>(planes[2], x / 2, y + row, access.wide);
#pragma unroll
      for (int i = 0; i < 4; i++)
        tile[row * 4 + i] = {tile[row * 4 + i].r, u.v[i / 2], v.v[i / 2], 1.0f};
    }
    transform(tile, pass.program.load, pass.load);
  } else {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      const Run<4> u = loadRun<T, 4>(planes[1], x, y + row, access.wide);
      const Run<4> v = loadRun<T, 4>(planes[2], x, y + row, access.wide);
#pragma unroll
      for (int i = 0; i < 4; i++)
        tile[row * 4 + i] = {tile[row * 4 + i].r, u.v[i], v.v[i], 1.0f};
    }
    transform(tile, pass.program.load, pass.load);
  }
}

/// Pixel by pixel through the view: crops and flips whose tiles are no tiles of the input, and views that reach outside.
template <class T>
__device__ __forceinline__ void loadViewed(Tile& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.input.planes;
  const Access& access = pass.input;
  unsigned inside = 0;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    const int x = program.view.sourceX(at.column(i)), y = program.view.sourceY(at.row(i));
    tile[i] = {0.0f, 128.0f, 128.0f, 1.0f};
    if (static_cast<unsigned>(x) >= static_cast<unsigned>(planes[0].width) ||
        static_cast<unsigned>(y) >= static_cast<unsigned>(planes[0].height))
      continue;
    inside |= 1u << i;
    if (access.rgba) {
      tile[i] = readRgba(planes[0], x, y);
      continue;
    }
    tile[i].r = sampleToFloat(sampleAt<const T>(planes[0], x, y));
    if (!access.chroma) continue;
    tile[i].g = sampleToFloat(sampleAt<const T>(planes[1], x >> access.shiftX, y >> access.shiftY));
    tile[i].b = sampleToFloat(sampleAt<const T>(planes[2], x >> access.shiftX, y >> access.shiftY));
  }
  transform(tile, program.load, pass.load);
#pragma unroll
  for (int i = 0; i < 8; i++)
    if (!(inside >> i & 1)) tile[i] = Pixel{};
}

__device__ __forceinline__ void swap(Pixel& a, Pixel& b) {
  const Pixel kept = a;
  a = b;
  b = kept;
}

__device__ __forceinline__ void mirror(Tile& tile, const View& view) {
  if (view.flipX) {
#pragma unroll
    for (int row = 0; row < 8; row += 4) {
      swap(tile[row], tile[row + 3]);
      swap(tile[row + 1], tile[row + 2]);
    }
  }
  if (view.flipY) {
#pragma unroll
    for (int i = 0; i < 4; i++) swap(tile[i], tile[i + 4]);
  }
}

__device__ __forceinline__ void load(Tile& tile, const TileLayout& at, const Pass& pass) {
  const View& view = pass.program.view;
  if (!pass.tiledView) {
    if (pass.input.bytes) loadViewed<uint8_t>(tile, at, pass);
    else loadViewed<float>(tile, at, pass);
    return;
  }
  const int x = view.sourceX(view.flipX ? at.x + 3 : at.x);
  const int y = view.sourceY(view.flipY ? at.y + 1 : at.y);
  if (pass.input.rgba) loadRgbaTile(tile, pass, x, y);
  else if (pass.input.bytes) loadPlanarTile<uint8_t>(tile, pass, x, y);
  else loadPlanarTile<float>(tile, pass, x, y);
  mirror(tile, view);
}

__device__ __forceinline__ void storeRgbaTile(Tile& tile, const TileLayout& at, const Pass& pass) {
  const Plane& plane = pass.program.output.planes[0];
  if (!pass.output.bytes) {
    transform(tile, pass.program.store, pass.store);
#pragma unroll
    for (int i = 0; i < 8; i++)
      if (at.column(i) < plane.width && at.row(i) < plane.height)
        sampleAt<float4>(plane, at.column(i), at.row(i)) = {tile[i].r, tile[i].g, tile[i].b, tile[i].a};
    return;
  }
  uint32_t words[8];
  bytesOf(words, tile, pass);
#pragma unroll
  for (int row = 0; row < 2; row++) {
    const uint32_t* w = words + row * 4;
    if (at.y + row >= plane.height) break;
    if (pass.output.wide && at.x + 4 <= plane.width) {
      sampleAt<uint4>(plane, at.x / 4, at.y + row) = {w[0], w[1], w[2], w[3]};
      continue;
    }
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (at.x + i < plane.width) sampleAt<uint32_t>(plane, at.x + i, at.y + row) = w[i];
  }
}

__device__ __forceinline__ Pixel sum(Pixel a, Pixel b) {
  return {a.r + b.r, a.g + b.g, a.b + b.b, 1.0f};
}
__device__ __forceinline__ Pixel scaled(Pixel p, float by) {
  return {p.r * by, p.g * by, p.b * by, 1.0f};
}

/// Replaces pixels beyond the frame's edge by their neighbours, so that the mean of a chroma cell is that of its real pixels.
__device__ __forceinline__ void replicateEdge(Tile& tile, const TileLayout& at, const Plane& plane) {
  if (at.x + 1 >= plane.width) tile[1] = tile[0], tile[5] = tile[4];
  if (at.x + 3 >= plane.width) tile[3] = tile[2], tile[7] = tile[6];
  if (at.y + 1 < plane.height) return;
#pragma unroll
  for (int i = 0; i < 4; i++) tile[i + 4] = tile[i];
}

/// One chroma sample for every two columns, and for both rows if shiftY. The mean is taken before the store matrix, which
/// is affine.
template <class T>
__device__ __forceinline__ void storeChroma(Tile& tile, const TileLayout& at, const Pass& pass) {
  const Plane(&planes)[3] = pass.program.output.planes;
  const Access& access = pass.output;
  if (at.x + 4 > planes[0].width || at.y + 2 > planes[0].height) replicateEdge(tile, at, planes[0]);
  const Pixel top[2] = {sum(tile[0], tile[1]), sum(tile[2], tile[3])};
  const Pixel bottom[2] = {sum(tile[4], tile[5]), sum(tile[6], tile[7])};
  const auto storeCells = [&](Pixel left, Pixel right, float weight, int y) {
    Pixel cells[2] = {scaled(left, weight), scaled(right, weight)};
    transform(cells, pass.program.store, pass.store);
    storeRun<T, 2>(planes[1], at.x / 2, y, access.wide, {cells[0].g, cells[1].g});
    storeRun<T, 2>(planes[2], at.x / 2, y, access.wide, {cells[0].b, cells[1].b});
  };
  if (access.shiftY) {
    storeCells(sum(top[0], bottom[0]), sum(top[1], bottom[1]), 0.25f, at.y / 2);
  } else {
    storeCells(top[0], top[1], 0.5f, at.y);
    storeCells(bottom[0], bottom[1], 0.5f, at.y + 1);
  }
}

template <class T>
__device__ __forceinline__ void storePlanarTile(Tile& tile, const TileLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane(&planes)[3] = program.output.planes;
  const bool wide = pass.output.wide;
  const bool fullChroma = pass.output.chroma && !pass.output.shiftX;
  if (pass.output.shiftX) storeChroma<T>(tile, at, pass);
  if (fullChroma) transform(tile, program.store, pass.store);
  else transformFirst(tile, program.store, pass.store);
#pragma unroll
  for (int row = 0; row < 2; row++) {
    const Pixel* p = tile + row * 4;
    storeRun<T, 4>(planes[0], at.x, at.y + row, wide, {p[0].r, p[1].r, p[2].r, p[3].r});
    if (!fullChroma) continue;
    storeRun<T, 4>(planes[1], at.x, at.y + row, wide, {p[0].g, p[1].g, p[2].g, p[3].g});
    storeRun<T, 4>(planes[2], at.x, at.y + row, wide, {p[0].b, p[1].b, p[2].b, p[3].b});
  }
}

__device__ __forceinline__ void store(Tile& tile, const TileLayout& at, const Pass& pass) {
  if (pass.output.rgba) storeRgbaTile(tile, at, pass);
  else if (pass.output.bytes) storePlanarTile<uint8_t>(tile, at, pass);
  else storePlanarTile<float>(tile, at, pass);
}

}  // namespace framelane::cuda
