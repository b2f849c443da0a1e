#pragma once
#include "cuda/area.cuh"

namespace framelane::cuda {

/// Taps are given with zeros behind them, up to this many for T outputs.
__host__ __device__ constexpr int slideSteps(int taps, int outputs) {
  return (taps + outputs - 1 + outputs - 1) / outputs * outputs;
}

/// sums[t] += weight(j - t) * sample(j) over all steps j: T neighbouring outputs of one convolution. Each sample is read once
/// and spread to the T sums, so that what is kept in registers from step to step are T weights, not T samples, and a block of
/// T samples can be under way at once. `block(j, samples)` reads samples j .. j+T-1. `before` are the T weights before weight(0).
template <int T, class Block, class Weight>
__device__ __forceinline__ void slide(float4 (&sums)[T], float (&before)[T], int steps, const Block& block, const Weight& weight) {
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
      for (int t = 0; t < T; t++)
        addWeighted(sums[t], i >= t ? now[i - t] : before[T + i - t], samples[i]);
#pragma unroll
    for (int i = 0; i < T; i++) before[i] = now[i];
  }
}

}  // namespace framelane::cuda
