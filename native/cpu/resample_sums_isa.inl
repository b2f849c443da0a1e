// Weighted sums for the resampling: of rows, and of lanes.
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
void sumRows(const In* const* rows, const float* weights, int taps, int begin, int samples, Out* to, bool divide,
             float maxCode) {
  const int end = begin + samples;
  int i = begin;
  for (; i + 32 <= end; i += 32, to += 32) {
    F8 sums[4];
    sumTaps<4>(rows, weights, taps, i, sums);
    for (int j = 0; j < 4; j++) storeSamples8(to + 8 * j, divide ? dividedByAlpha(sums[j]) : sums[j], maxCode);
  }
  for (; i + 8 <= end; i += 8, to += 8) {
    F8 sums[1];
    sumTaps<1>(rows, weights, taps, i, sums);
    storeSamples8(to, divide ? dividedByAlpha(sums[0]) : sums[0], maxCode);
  }
  if (i == end) return;
  F8 rest = {};
  for (int j = 0; j < end - i; j++)
    for (int k = 0; k < taps; k++) rest[j] += weights[k] * static_cast<float>(rows[k][i + j]);
  storeSome(to, divide ? dividedByAlpha(rest) : rest, end - i, maxCode);
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
void storeRowOf(const float* from, Sample* to, int samples, bool divide, float maxCode) {
  for (int i = 0; i < samples; i += 8) {
    const F8 whole = load8(from + i), v = divide ? dividedByAlpha(whole) : whole;
    if (i + 8 <= samples)
      storeSamples8(to + i, v, maxCode);
    else
      storeSome(to + i, v, samples - i, maxCode);
  }
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
