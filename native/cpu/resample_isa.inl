// The separable resampling, either axis first. Vertical sums run along rows, horizontal ones over lanes.
#pragma once
#include "cpu/lanes_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// kVectors x 8 sums over the taps' rows, from sample `i` on.
template <int kVectors, class Sample>
FL_HD void sumTaps(const Sample* const* rows, const float* weights, int taps, int i, F8 (&sums)[kVectors]) {
  for (F8& sum : sums) sum = F8{};
  for (int k = 0; k < taps; k++) {
    const F8 weight = splat(weights[k]);
    for (int j = 0; j < kVectors; j++) sums[j] += weight * load8(rows[k] + i + 8 * j);
  }
}

/// `samples` of the weighted sum of rows; with `divide`, they are RGBA pixels on their way out.
template <class In, class Out>
void sumRows(const In* const* rows, const float* weights, int taps, int begin, int samples, Out* to, bool divide) {
  const int end = begin + samples;
  int i = begin;
  for (; i + 32 <= end; i += 32, to += 32) {
    F8 sums[4];
    sumTaps<4>(rows, weights, taps, i, sums);
    for (int j = 0; j < 4; j++) store8(to + 8 * j, divide ? dividedByAlpha(sums[j]) : sums[j]);
  }
  for (; i + 8 <= end; i += 8, to += 8) {
    F8 sums[1];
    sumTaps<1>(rows, weights, taps, i, sums);
    store8(to, divide ? dividedByAlpha(sums[0]) : sums[0]);
  }
  if (i == end) return;
  F8 rest = {};
  for (int j = 0; j < end - i; j++)
    for (int k = 0; k < taps; k++) rest[j] += weights[k] * static_cast<float>(rows[k][i + j]);
  storeSome(to, divide ? dividedByAlpha(rest) : rest, end - i);
}

/// Four outputs at once hide the latency of their sums.
FL_HD void sumLanes4(const AxisTaps& axis, const float* lanes, int x, int outputs, F8* sums) {
  const float* from[4];
  const float* weights[4];
  for (int j = 0; j < 4; j++) {
    const int output = smaller(x + j, outputs - 1);
    from[j] = lanes + static_cast<ptrdiff_t>(8) * axis.first[output];
    weights[j] = axis.weights + static_cast<ptrdiff_t>(output) * axis.taps;
    sums[j] = F8{};
  }
  for (int k = 0; k < axis.taps; k++)
    for (int j = 0; j < 4; j++) sums[j] += splat(weights[j][k]) * load8(from[j] + 8 * k);
}

/// Lanes of whole rows to rows of `outputs` pixels; the rows have room for a multiple of eight.
template <int kChannels>
void resampleLanes(const AxisTaps& axis, const float* lanes, int outputs, float* const* rows) {
  float* to[kRowsInLanes<kChannels>];
  for (int j = 0; j < kRowsInLanes<kChannels>; j++) to[j] = rows[j];
  for (int x = 0; x < outputs; x += 8) {
    F8 sums[8];
    sumLanes4(axis, lanes, x, outputs, sums);
    sumLanes4(axis, lanes, x + 4, outputs, sums + 4);
    fromLanes<kChannels>(sums, to);
    for (float*& row : to) row += 8 * kChannels;
  }
}

template <class Sample>
void storeRowOf(const float* from, Sample* to, int samples, bool divide) {
  for (int i = 0; i < samples; i += 8) {
    const F8 whole = load8(from + i), v = divide ? dividedByAlpha(whole) : whole;
    if (i + 8 <= samples)
      store8(to + i, v);
    else
      storeSome(to + i, v, samples - i);
  }
}

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

/// The template for the planes' samples and channels.
#define FL_RESAMPLE(function, task, scratch, y0, y1)                                                                  \
  const bool fromU8 = task.input.element == Element::u8, toU8 = task.output.element == Element::u8;                   \
  if (task.input.channels == 1)                                                                                       \
    fromU8 ? (toU8 ? function<uint8_t, uint8_t, 1> : function<uint8_t, float, 1>)(task, scratch, y0, y1)              \
           : (toU8 ? function<float, uint8_t, 1> : function<float, float, 1>)(task, scratch, y0, y1);                 \
  else                                                                                                                \
    fromU8 ? (toU8 ? function<uint8_t, uint8_t, 4> : function<uint8_t, float, 4>)(task, scratch, y0, y1)              \
           : (toU8 ? function<float, uint8_t, 4> : function<float, float, 4>)(task, scratch, y0, y1)

}  // namespace

void resampleVerticalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  FL_RESAMPLE(verticalFirst, task, scratch, y0, y1);
}

void resampleHorizontalFirst(const ResampleTask& task, void* scratch, int y0, int y1) {
  FL_RESAMPLE(horizontalFirst, task, scratch, y0, y1);
}

#undef FL_RESAMPLE

}  // namespace framelane::cpu::FL_ISA
