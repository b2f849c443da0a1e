#pragma once
// T neighbouring outputs of one convolution in one thread, each sample read once. Two forms with the same result.
#include "cuda/area.cuh"

namespace framelane::cuda {

/// sums[t] += weight(k) * sample(t + k) for k < taps. The samples slide past the outputs in a ring of T, whose indices are
/// constants once the loop is unrolled. For few taps: no step is wasted.
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

/// The steps that `spread` takes: its weights go on with zeros up to there, and its samples must exist.
__host__ __device__ constexpr int spreadSteps(int taps, int outputs) {
  return (taps + outputs - 1 + outputs - 1) / outputs * outputs;
}

/// sums[t] += weight(j - t) * sample(j) over all steps j. What stays in registers is T weights (`before`: those of the steps
/// before the first), not T samples, so that a block of T samples can be under way at once: `block(j, samples)` reads
/// samples j .. j + T - 1. For many taps.
template <int T, class Block, class Weight>
__device__ __forceinline__ void spread(float4 (&sums)[T], float (&before)[T], int steps, const Block& block,
                                       const Weight& weight) {
#pragma unroll 1
  for (int j = 0; j < steps; j += T) {
    float4 samples[T];
    block(j, samples);
    float now[T];
#pragma unroll
    for (int i = 0; i < T; i++) now[i] = weight(j + i);
#pragma unroll
    for (int i = 0; i < T; i++)
#pragma unroll
      for (int t = 0; t < T; t++) addWeighted(sums[t], i >= t ? now[i - t] : before[T + i - t], samples[i]);
#pragma unroll
    for (int i = 0; i < T; i++) before[i] = now[i];
  }
}

}  // namespace framelane::cuda
