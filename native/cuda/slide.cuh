#pragma once
#include "cuda/area.cuh"

namespace framelane::cuda {

/// sums[t] += weight(k) * sample(t + k) for k < taps. The samples stay in registers while they slide past the T outputs, so
/// each is read once; the window is a ring whose indices are constants once the loop is unrolled.
template <int T, class Sample, class Weight>
__device__ __forceinline__ void slide(float4 (&sums)[T], int taps, const Sample& sample, const Weight& weight) {
  float4 window[T];
#pragma unroll
  for (int i = 0; i < T - 1; i++) window[i] = sample(i);
  int k = 0;
  for (; k + T <= taps; k += T) {
#pragma unroll
    for (int i = 0; i < T; i++) {
      window[(i + T - 1) % T] = sample(k + i + T - 1);
      const float w = weight(k + i);
#pragma unroll
      for (int t = 0; t < T; t++) addWeighted(sums[t], w, window[(i + t) % T]);
    }
  }
#pragma unroll
  for (int i = 0; i < T - 1; i++) {
    if (k + i >= taps) break;
    window[(i + T - 1) % T] = sample(k + i + T - 1);
    const float w = weight(k + i);
#pragma unroll
    for (int t = 0; t < T; t++) addWeighted(sums[t], w, window[(i + t) % T]);
  }
}

}  // namespace framelane::cuda
