// Resampling in one kernel: a tile of the output from the piece of the input that it needs, in shared memory.
#include <algorithm>

#include "cuda/area.cuh"
#include "cuda/launch.cuh"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

constexpr int kColumns = 64;  // of an output tile
constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr size_t kTileBytes = 48 * 1024;  // what every device gives without being asked

/// One warp filters two lines of units along the row and leaves the results in the lines' place: 64 units, or with one
/// channel four rows of 64 samples.
template <int Channels>
__device__ void filterLines(float4* const (&lines)[2], const AxisTable& axis, int x0, int x1, int left) {
  const int lane = threadIdx.x % 32;
  const int x[2] = {min(x0 + lane, x1 - 1), min(x0 + lane + 32, x1 - 1)};
  const int first[2] = {axis.first[x[0]] - left, axis.first[x[1]] - left};
  float4 sums[2][2] = {};
#pragma unroll 2
  for (int k = 0; k < axis.taps; k++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      const float weight = axis.weights[k * axis.output + x[half]];
      const int at = padded(first[half] + k);
      addWeighted(sums[0][half], weight, lines[0][at]);
      addWeighted(sums[1][half], weight, lines[1][at]);
    }
  }
  __syncwarp();
#pragma unroll
  for (int i = 0; i < 2; i++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      const int column = lane + 32 * half;
      const float4 v = sums[i][half];
      if constexpr (Channels == 4) {
        lines[i][column] = v;
      } else {
        float* const samples = &lines[i]->x;
        samples[column] = v.x;
        samples[64 + column] = v.y;
        samples[128 + column] = v.z;
        samples[192 + column] = v.w;
      }
    }
}

template <class In, int Channels, class Out>
__global__ void __launch_bounds__(kThreads)
    tile(const Plane input, const UnitSink output, const AxisTable alongX, const AxisTable alongY,
         int rows, int pitch, bool multiplyAlpha) {
  extern __shared__ float4 shared[];
  constexpr int kUnits = kColumns * Channels / 4;
  const int x0 = blockIdx.x * kColumns, x1 = min(x0 + kColumns, alongX.output);
  const int y0 = blockIdx.y * rows, y1 = min(y0 + rows, alongY.output);
  const int left = alongX.first[x0], columns = alongX.first[x1 - 1] + alongX.taps - left;
  const int top = alongY.first[y0], height = alongY.first[y1 - 1] + alongY.taps - top;
  const int lines = (height + kUnitHeight<Channels> - 1) / kUnitHeight<Channels>;

  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  for (int i = warp; i < lines; i += kWarps) {
    const UnitRow<In, Channels> source(input, top + i * kUnitHeight<Channels>, multiplyAlpha);
    for (int x = lane; x < columns; x += 32) shared[i * pitch + padded(x)] = source[left + x];
  }
  __syncthreads();

  for (int i = warp * 2; i < lines; i += kWarps * 2) {
    float4* const pair[2] = {shared + i * pitch, shared + min(i + 1, lines - 1) * pitch};
    filterLines<Channels>(pair, alongX, x0, x1, left);
  }
  __syncthreads();

  for (int i = threadIdx.x; i < kUnits * (y1 - y0); i += kThreads) {
    const int unit = i % kUnits, y = y0 + i / kUnits, first = alongY.first[y] - top;
    float4 sum{};
#pragma unroll 4
    for (int k = 0; k < alongY.taps; k++) {
      const int row = first + k;
      const float4 sample = Channels == 4 ? shared[row * pitch + unit]
                                          : shared[row / 4 * pitch + row % 4 * 16 + unit];
      addWeighted(sum, alongY.weights[k * alongY.output + y], sample);
    }
    const int at = x0 * Channels / 4 + unit;
    if (4 * at < output.plane.width) storeUnit<Out>(output, at, y, sum);
  }
}

}  // namespace

ResampleTile planResampleTile(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y) {
  const int unitHeight = shape.channels == 4 ? 1 : 4;
  const int pitch = padded(std::max(widestSpan(x, kColumns), kColumns));
  for (int rows = 32 * (shape.channels == 4 ? 1 : 2); rows >= 8; rows /= 2) {
    const int lines = (widestSpan(y, rows) + unitHeight - 1) / unitHeight;
    const size_t bytes = static_cast<size_t>(lines) * pitch * sizeof(float4);
    // Every line is filtered along the row for each tile that it is in: more than twice its share is worse than a second pass.
    if (bytes <= kTileBytes && widestSpan(y, rows) <= std::max(2 * rows * shape.input.height / shape.output.height, 24))
      return {rows, pitch, bytes};
  }
  return {};
}

void resampleTile(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                  const AxisTable& y, const ResampleTile& plan, AlphaHandling alpha) {
  const Launch how{.grid = {ceilDiv(x.output, kColumns), ceilDiv(y.output, plan.rows)},
                   .block = {kThreads},
                   .stream = stream,
                   .sharedBytes = plan.sharedBytes};
  const UnitSink sink = sinkOf(output, alpha.divide);
  forSamples(input.element, input.channels, [&](auto in, auto channels) {
    using In = decltype(in);
    const auto kernel = output.element == Element::u8 ? tile<In, channels(), uint8_t> : tile<In, channels(), float>;
    launch(kernel, how, input, sink, x, y, plan.rows, plan.pitch, alpha.multiply);
  });
}

}  // namespace framelane::cuda
