// Resampling with few taps: nothing is shared, the first-level cache serves what neighbours read
// again. A thread makes two rows of one column, whose weights along the row it keeps.
#include "cuda/area.cuh"
#include "cuda/launch.cuh"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

constexpr int kMostTaps = 4;
constexpr int kColumns = 32, kRowsOfThreads = 4;  // of a block
constexpr int kRows = 2;                          // of a thread

/// The number of taps is known when this is compiled, so that all loads of a row are under way at
/// once.
template <class In, class Out, int Taps>
__global__ void __launch_bounds__(kColumns* kRowsOfThreads)
    direct(const Plane input, const UnitSink output, const AxisTable alongX, const AxisTable alongY,
           bool multiplyAlpha) {
  using Word = typename RunWord<In, 4>::Type;
  const int x = blockIdx.x * kColumns + threadIdx.x;
  const int y0 = (blockIdx.y * kRowsOfThreads + threadIdx.y) * kRows;
  if (x >= alongX.output || y0 >= alongY.output) return;
  const int firstX = alongX.first[x];
  float weightsX[Taps];
#pragma unroll
  for (int k = 0; k < Taps; k++) weightsX[k] = __ldg(alongX.weights + k * alongX.output + x);
#pragma unroll
  for (int r = 0; r < kRows; r++) {
    const int y = min(y0 + r, alongY.output - 1);
    const int firstY = alongY.first[y];
    float4 sum{};
#pragma unroll
    for (int j = 0; j < Taps; j++) {
      const Word* const row = &sampleAt<const Word>(input, firstX, firstY + j);
      float4 line{};
#pragma unroll
      for (int k = 0; k < Taps; k++) {
        float4 v = toUnit(__ldg(row + k));
        if (multiplyAlpha) v = {v.x * v.w, v.y * v.w, v.z * v.w, v.w};
        addWeighted(line, weightsX[k], v);
      }
      addWeighted(sum, __ldg(alongY.weights + j * alongY.output + y), line);
    }
    if (y0 + r < alongY.output) storeUnit<Out>(output, x, y0 + r, sum);
  }
}

/// Calls `with(std::integral_constant<int, taps>{})` for 1 .. kMostTaps.
template <int Taps = 1, class Function>
void forTaps(int taps, const Function& with) {
  if (taps == Taps)
    with(std::integral_constant<int, Taps>{});
  else if constexpr (Taps < kMostTaps)
    forTaps<Taps + 1>(taps, with);
}

}  // namespace

bool resamplesDirectly(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y) {
  return shape.channels == 4 && x.taps == y.taps && x.taps <= kMostTaps;
}

void resampleDirect(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                    const AxisTable& y, AlphaHandling alpha) {
  const Launch how{.grid = {ceilDiv(x.output, kColumns), ceilDiv(y.output, kRowsOfThreads * kRows)},
                   .block = {kColumns, kRowsOfThreads},
                   .stream = stream};
  const UnitSink sink = sinkOf(output, alpha.divide);
  forElement(input.element, [&](auto in) {
    forElement(output.element, [&](auto out) {
      forTaps(x.taps, [&](auto taps) {
        launch(direct<decltype(in), decltype(out), taps()>, how, input, sink, x, y, alpha.multiply);
      });
    });
  });
}

}  // namespace framelane::cuda
