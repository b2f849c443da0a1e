#pragma once
// T neighbouring outputs of one convolution in one thread, each sample read once. Two forms with
// the same result.
#include <algorithm>

#include "cuda/area.cuh"

namespace framelane::cuda {

/// sums[t] += weight(k) * sample(t + k) for k < taps. The samples slide past the outputs in a ring
/// of T, whose indices are constants once the loop is unrolled. For few taps: no step is wasted.
template <int T, class Sample, class Weight>
__device__ __forceinline__ void slide(float4 (&sums)[T], int taps, const Sample& sample, const Weight& weight) {
  float4 window[T];
#pragma unroll
  for (int i = 0; i < T - 1; i++) window[i] = sample(i);
  const auto step = [&](int i, int k) {
    window[(i + T - 1) % T] = sample(k + T - 1);
    const float w = weight(k);
#pragma unroll
    for (int t = 0; t < T; t++) addWeighted(sums[t], w, window[(i + t) % T]);
  };
  int k = 0;
  for (; k + T <= taps; k += T) {
#pragma unroll
    for (int i = 0; i < T; i++) step(i, k + i);
  }
#pragma unroll
  for (int i = 0; i < T - 1; i++)
    if (k + i < taps) step(i, k + i);
}

/// The steps that `spread` takes: its weights go on with zeros up to there, and its samples must
/// exist.
__host__ __device__ constexpr int spreadSteps(int taps, int outputs) {
  return (taps + outputs - 1 + outputs - 1) / outputs * outputs;
}

/// What one block of T steps adds to the T sums: step i meets sum t with weight i - t, which is one
/// of `now` or, if negative, of `before`. `first` leaves out what comes before the first weight,
/// `last` what comes after the last.
template <int T, bool first, bool last>
__device__ __forceinline__ void spreadBlock(float4 (&sums)[T], const float (&before)[T], const float (&now)[T],
                                            const float4 (&samples)[T]) {
#pragma unroll
  for (int i = 0; i < T; i++)
#pragma unroll
    for (int t = 0; t < T; t++)
      if ((i >= t || !first) && (i <= t || !last))
        addWeighted(sums[t], i >= t ? now[i - t] : before[T + i - t], samples[i]);
}

/// sums[t] += weight(j - t) * sample(j) over all steps j. What stays in registers is T weights, not
/// T samples, so that a block of T samples can be under way at once: `block(j, samples)` reads
/// samples j .. j + T - 1, `weights(j, now)` those weights. The number of taps is 1 beyond a
/// multiple of T, at least T + 1, so that no step is wasted. For many taps.
template <int T, class Block, class Weights>
__device__ __forceinline__ void spread(float4 (&sums)[T], int taps, const Block& block, const Weights& weights) {
  float4 samples[T];
  float before[T], now[T];
  block(0, samples);
  weights(0, before);
  spreadBlock<T, true, false>(sums, before, before, samples);
  int j = T;
#pragma unroll 1
  for (; j + 1 < taps; j += T) {
    block(j, samples);
    weights(j, now);
    spreadBlock<T, false, false>(sums, before, now, samples);
#pragma unroll
    for (int i = 0; i < T; i++) before[i] = now[i];
  }
  block(j, samples);
  weights(j, now);
  spreadBlock<T, false, true>(sums, before, now, samples);
}

/// The least number of taps for `spread`; the additional ones are zeros before the first.
constexpr int spreadTaps(int taps, int outputs) {
  return std::max((taps - 1 + outputs - 1) / outputs, 1) * outputs + 1;
}

}  // namespace framelane::cuda
