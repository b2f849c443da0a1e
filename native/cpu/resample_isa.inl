// The separable resampling, either axis first. Vertical sums run along rows, horizontal ones over lanes.
#pragma once
#include "cpu/resample_sums_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// Scratch of one worker: see ResampleStage.
template <int kChannels>
struct ResampleScratch {
  const void** tapRows;
  float* lanes;
  float* rows;  // horizontally resampled (horizontal first) or on their way out (vertical first)
  ptrdiff_t rowStride;

  ResampleScratch(const ResampleTask& task, void* scratch) {
    tapRows = static_cast<const void**>(scratch);
    lanes = reinterpret_cast<float*>(tapRows + roundUp8(task.y.taps));
    rows = lanes + static_cast<ptrdiff_t>(kLanes) * roundUp8(task.input.width);
    rowStride = roundUp8(task.output.width) * kChannels;
  }
};

template <class In, class Out, int kChannels>
void verticalFirst(const ResampleTask& task, void* memory, int y0, int y1) {
  constexpr int kRows = kRowsInLanes<kChannels>;
  const ResampleScratch<kChannels> scratch(task, memory);
  const In** tapRows = reinterpret_cast<const In**>(scratch.tapRows);
  constexpr int kPixels = kSegment / kChannels;
  const auto maxCode = static_cast<float>(task.output.maxCode);
  alignas(64) float segments[kRows][kSegment];
  const float* segmentRows[kRows];
  float* results[kRows];
  for (int i = 0; i < kRows; i++) {
    segmentRows[i] = segments[i];
    results[i] = scratch.rows + i * scratch.rowStride;
  }
  for (int y = y0; y < y1; y += kRows) {
    const int rowCount = smaller(kRows, y1 - y);
    for (int x = 0; x < task.input.width; x += kPixels) {
      const int pixels = smaller(kPixels, task.input.width - x);
      for (int i = 0; i < kRows; i++) {
        const int output = smaller(y + i, y1 - 1);
        for (int k = 0; k < task.y.taps; k++) tapRows[k] = rowOf<const In>(task.input, task.y.first[output] + k);
        sumRows(tapRows, task.y.weights + static_cast<ptrdiff_t>(output) * task.y.taps, task.y.taps, x * kChannels,
                pixels * kChannels, segments[i], false, 0);
      }
      toLanes<float, kChannels>(segmentRows, pixels, 0, pixels, scratch.lanes + static_cast<ptrdiff_t>(8) * x);
    }
    resampleLanes<kChannels>(task.x, scratch.lanes, task.output.width, results);
    for (int i = 0; i < rowCount; i++)
      storeRowOf(results[i], rowOf<Out>(task.output, y + i), task.output.width * kChannels, task.alpha.divide, maxCode);
  }
}

template <class In, class Out, int kChannels>
void horizontalFirst(const ResampleTask& task, void* memory, int y0, int y1) {
  constexpr int kRows = kRowsInLanes<kChannels>;
  const ResampleScratch<kChannels> scratch(task, memory);
  const float** tapRows = reinterpret_cast<const float**>(scratch.tapRows);
  const auto maxCode = static_cast<float>(task.output.maxCode);
  // A ring of resampled rows: a group may run ahead of the last tap by kRows - 1.
  const int ring = task.y.taps + kRows;
  const auto ringRow = [&](int y) { return scratch.rows + y % ring * scratch.rowStride; };
  int next = task.y.first[y0];  // the first input row that is not in the ring
  for (int y = y0; y < y1; y++) {
    const int first = task.y.first[y];
    for (next = larger(next, first); next < first + task.y.taps; next += kRows) {
      const In* rows[kRows];
      float* results[kRows];
      for (int i = 0; i < kRows; i++) {
        rows[i] = rowOf<const In>(task.input, smaller(next + i, task.input.height - 1));
        results[i] = ringRow(next + i);
      }
      toLanes<In, kChannels>(rows, task.input.width, 0, task.input.width, scratch.lanes);
      if (task.alpha.multiply) multiplyLanes(scratch.lanes, task.input.width);
      resampleLanes<kChannels>(task.x, scratch.lanes, task.output.width, results);
    }
    for (int k = 0; k < task.y.taps; k++) tapRows[k] = ringRow(first + k);
    sumRows(tapRows, task.y.weights + static_cast<ptrdiff_t>(y) * task.y.taps, task.y.taps, 0,
            task.output.width * kChannels, rowOf<Out>(task.output, y), task.alpha.divide, maxCode);
  }
}

}  // namespace

void resampleVerticalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  forPlanes(task.input, task.output, [&]<class In, class Out, int kChannels>()
                     __attribute__((always_inline)) { verticalFirst<In, Out, kChannels>(task, scratch, y0, y1); });
}

void resampleHorizontalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  forPlanes(task.input, task.output, [&]<class In, class Out, int kChannels>()
                     __attribute__((always_inline)) { horizontalFirst<In, Out, kChannels>(task, scratch, y0, y1); });
}

}  // namespace framelane::cpu::FL_ISA
