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
                pixels * kChannels, segments[i], false);
      }
      toLanes<float, kChannels>(segmentRows, pixels, 0, pixels, scratch.lanes + static_cast<ptrdiff_t>(8) * x);
    }
    resampleLanes<kChannels>(task.x, scratch.lanes, task.output.width, results);
    for (int i = 0; i < rowCount; i++)
      storeRowOf(results[i], rowOf<Out>(task.output, y + i), task.output.width * kChannels, task.alpha.divide);
  }
}

template <class In, class Out, int kChannels>
void horizontalFirst(const ResampleTask& task, void* memory, int y0, int y1) {
  constexpr int kRows = kRowsInLanes<kChannels>;
  const ResampleScratch<kChannels> scratch(task, memory);
  const float** tapRows = reinterpret_cast<const float**>(scratch.tapRows);
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
            task.output.width * kChannels, rowOf<Out>(task.output, y), task.alpha.divide);
  }
}

/// Calls the template for the planes' samples and channels.
template <class Function>
FL_HD void dispatch(const ResampleTask& task, const Function& function) {
  const bool fromU8 = task.input.element == Element::u8, toU8 = task.output.element == Element::u8;
  const auto withChannels = [&]<class In, class Out>() __attribute__((always_inline)) {
    if (task.input.channels == 1)
      function.template operator()<In, Out, 1>();
    else
      function.template operator()<In, Out, 4>();
  };
  if (fromU8)
    toU8 ? withChannels.template operator()<uint8_t, uint8_t>() : withChannels.template operator()<uint8_t, float>();
  else
    toU8 ? withChannels.template operator()<float, uint8_t>() : withChannels.template operator()<float, float>();
}

}  // namespace

void resampleVerticalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  dispatch(task, [&]<class In, class Out, int kChannels>()
                     __attribute__((always_inline)) { verticalFirst<In, Out, kChannels>(task, scratch, y0, y1); });
}

void resampleHorizontalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  dispatch(task, [&]<class In, class Out, int kChannels>()
                     __attribute__((always_inline)) { horizontalFirst<In, Out, kChannels>(task, scratch, y0, y1); });
}

}  // namespace framelane::cpu::FL_ISA
