// The separable symmetric blur. A tile keeps a window of horizontally blurred rows, 2 radii and a
// chunk high, in L2; each chunk is blurred vertically out of it and stored, and the last 2 radii of
// rows move to the top.
#pragma once
#include "cpu/lanes_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// Four neighbouring outputs along an axis of `stride` floats. They share what they read: a step
/// outwards loads two vectors for four outputs, and adding before multiplying halves the
/// multiplications.
FL_HD void symmetric4(const float* centre, ptrdiff_t stride, const float* weights, int radius, F8 (&out)[4]) {
  const F8 middle = splat(weights[0]);
  F8 low0 = load8(centre), low1 = load8(centre + stride);
  F8 low2 = load8(centre + 2 * stride), low3 = load8(centre + 3 * stride);
  F8 high0 = low0, high1 = low1, high2 = low2, high3 = low3;
  F8 sum0 = middle * low0, sum1 = middle * low1, sum2 = middle * low2, sum3 = middle * low3;
  const float* below = centre;
  const float* above = centre + 3 * stride;
#pragma GCC unroll 4
  for (int k = 1; k <= radius; k++) {
    below -= stride;
    above += stride;
    low3 = low2, low2 = low1, low1 = low0, low0 = load8(below);
    high0 = high1, high1 = high2, high2 = high3, high3 = load8(above);
    const F8 weight = splat(weights[k]);
    sum0 += weight * (low0 + high0);
    sum1 += weight * (low1 + high1);
    sum2 += weight * (low2 + high2);
    sum3 += weight * (low3 + high3);
  }
  out[0] = sum0, out[1] = sum1, out[2] = sum2, out[3] = sum3;
}

struct Tile {
  const BlurTask& task;
  float* lanes;
  float* window;
  ptrdiff_t stride;
  int x0, x1;
};

/// Input rows first..last, horizontally blurred, to the window from `to` on. Rows come in groups,
/// so up to kRows - 1 more are written behind the last.
template <class Sample, int kChannels>
void blurRows(const Tile& tile, int first, int last, float* to) {
  constexpr int kRows = kRowsInLanes<kChannels>;
  const BlurTask& task = tile.task;
  const int columns = roundUp8(tile.x1 - tile.x0), radius = task.radiusX;
  for (int y = first; y <= last; y += kRows, to += kRows * tile.stride) {
    const Sample* rows[kRows];
    float* results[kRows];
    for (int i = 0; i < kRows; i++) {
      rows[i] = rowOf<const Sample>(task.input, smaller(y + i, last));
      results[i] = to + i * tile.stride;
    }
    toLanes<Sample, kChannels>(rows, task.input.width, tile.x0 - radius, columns + 2 * radius, tile.lanes);
    if (task.alpha.multiply) multiplyLanes(tile.lanes, columns + 2 * radius);
    const float* centre = tile.lanes + 8 * radius;
    for (int x = 0; x < columns; x += 8, centre += 64) {
      F8 left[4], right[4];
      symmetric4(centre, 8, task.weightsX, radius, left);
      symmetric4(centre + 32, 8, task.weightsX, radius, right);
      F8 block[8] = {left[0], left[1], left[2], left[3], right[0], right[1], right[2], right[3]};
      fromLanes<kChannels>(block, results);
      for (float*& result : results) result += 8 * kChannels;
    }
  }
}

void copyRow(const Tile& tile, const float* from, float* to) {
  for (ptrdiff_t i = 0; i < tile.stride; i += 8) store8(to + i, load8(from + i));
}

/// Rows y..y+count-1 to the window from `row` on; rows outside the image are copies of the nearest
/// one.
template <class Sample, int kChannels>
void fillWindow(const Tile& tile, int y, int count, int row) {
  if (count == 0) return;
  const int height = tile.task.input.height;
  const int first = clampIndex(y, height), last = clampIndex(y + count - 1, height);
  const int begin = first < y ? 0 : smaller(first - y, count - 1), end = begin + last - first + 1;
  float* const to = tile.window + row * tile.stride;
  blurRows<Sample, kChannels>(tile, first, last, to + begin * tile.stride);
  for (int i = 0; i < begin; i++) copyRow(tile, to + begin * tile.stride, to + i * tile.stride);
  for (int i = end; i < count; i++) copyRow(tile, to + (end - 1) * tile.stride, to + i * tile.stride);
}

/// Output rows y..y+3 (or fewer, at the end) from the window, whose row `centre` lies under y.
template <class Sample, int kChannels>
void storeBlurred(const Tile& tile, int centre, int y, int rows) {
  const BlurTask& task = tile.task;
  const int samples = (tile.x1 - tile.x0) * kChannels;
  const auto maxCode = static_cast<float>(task.output.maxCode);
  const float* from = tile.window + centre * tile.stride;
  for (int i = 0; i < samples; i += 8, from += 8) {
    F8 sums[4];
    symmetric4(from, tile.stride, task.weightsY, task.radiusY, sums);
    const int count = smaller(8, samples - i);
    for (int j = 0; j < rows; j++) {
      Sample* to = rowOf<Sample>(task.output, y + j) + tile.x0 * kChannels + i;
      if (task.alpha.divide) sums[j] = dividedByAlpha(sums[j]);
      if (count == 8)
        storeSamples8(to, sums[j], maxCode);
      else
        storeSome(to, sums[j], count, maxCode);
    }
  }
}

template <class In, class Out, int kChannels>
void blurTileOf(const Tile& tile, int y0, int y1) {
  const int radius = tile.task.radiusY, chunk = tile.task.chunkRows;
  fillWindow<In, kChannels>(tile, y0 - radius, 2 * radius, 0);
  for (int y = y0; y < y1; y += chunk) {
    // Whole groups of four are computed, so the window is filled for them too.
    const int rows = smaller(chunk, (y1 - y + 3) & ~3);
    fillWindow<In, kChannels>(tile, y + radius, rows, 2 * radius);
    for (int i = 0; i < rows; i += 4) storeBlurred<Out, kChannels>(tile, radius + i, y + i, smaller(4, y1 - y - i));
    for (int i = 0; i < 2 * radius; i++)
      copyRow(tile, tile.window + (rows + i) * tile.stride, tile.window + i * tile.stride);
  }
}

}  // namespace

void blurTile(const BlurTask& task, float* scratch, int x0, int x1, int y0, int y1) {
  const Tile tile = {task, scratch, scratch + blurLaneFloats(task), blurRowStride(task), x0, x1};
  forPlanes(task.input, task.output, [&]<class In, class Out, int kChannels>()
                                         __attribute__((always_inline)) { blurTileOf<In, Out, kChannels>(tile, y0, y1); });
}

}  // namespace framelane::cpu::FL_ISA
