// Resampling of any shape: an axis a kernel, with an f32 plane between them.
#include "cuda/area.cuh"
#include "cuda/launch.cuh"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

constexpr int kSegment = 64;  // outputs of a row that one warp makes
constexpr int kWarps = 8;
constexpr size_t kSharedBytes = 48 * 1024;

/// A warp makes 64 outputs of one row of units. It first copies the inputs they need to shared
/// memory, converted once, unless there are too many of them (`span` is 0 then, and the taps come
/// through the cache).
template <class T, int Channels>
__global__ void __launch_bounds__(32 * kWarps)
    rows(const Plane input, const Plane output, const AxisTable axis, int span, bool multiplyAlpha) {
  extern __shared__ float4 shared[];
  const int lane = threadIdx.x;
  const int y = (blockIdx.y * kWarps + threadIdx.y) * kUnitHeight<Channels>;
  if (y >= input.height) return;
  const int begin = blockIdx.x * kSegment, end = min(begin + kSegment, axis.output);
  const UnitRow<T, Channels> source(input, y, multiplyAlpha);
  float4* const staged = shared + threadIdx.y * padded(span);
  const int origin = axis.first[begin];
  if (span > 0) {
    const int count = axis.first[end - 1] + axis.taps - origin;
#pragma unroll 4
    for (int i = lane; i < count; i += 32) staged[padded(i)] = source[origin + i];
    __syncwarp();
  }
  for (int x = begin + lane; x < end; x += 32) {
    const int first = axis.first[x];
    float4 sum{};
    if (span > 0) {
#pragma unroll 4
      for (int k = 0; k < axis.taps; k++)
        addWeighted(sum, axis.weights[k * axis.output + x], staged[padded(first - origin + k)]);
    } else {
      for (int k = 0; k < axis.taps; k++) addWeighted(sum, axis.weights[k * axis.output + x], source[first + k]);
    }
    storeUnitRow<Channels>(output, x, y, sum);
  }
}

/// A thread makes one unit; the rows it reads are read again by the warps above and below, from the
/// first-level cache.
template <class T>
__global__ void __launch_bounds__(256)
    columns(const Plane input, const UnitSink output, const AxisTable axis, int units) {
  const int unit = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
  if (unit >= units || y >= axis.output) return;
  const int first = axis.first[y];
  float4 sum{};
#pragma unroll 4
  for (int k = 0; k < axis.taps; k++)
    addWeighted(sum, axis.weights[k * axis.output + y], sampleAt<const float4>(input, unit, first + k));
  storeUnit<T>(output, unit, y, sum);
}

void filterRows(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& axis, int span,
                bool multiplyAlpha) {
  const size_t needed = padded(span) * sizeof(float4) * kWarps;
  const bool staged = needed <= kSharedBytes;
  forSamples(input.element, input.channels, [&](auto sample, auto channels) {
    launch(rows<decltype(sample), channels()>,
           {.grid = {ceilDiv(axis.output, kSegment), ceilDiv(input.height, kWarps * kUnitHeight<channels()>)},
            .block = {32, kWarps},
            .stream = stream,
            .sharedBytes = staged ? needed : 0},
           input, output, axis, staged ? span : 0, multiplyAlpha);
  });
}

void filterColumns(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& axis,
                   bool divideAlpha) {
  const int units = unitsPerRow(output);
  const Launch how{.grid = {ceilDiv(units, 32), ceilDiv(axis.output, 8)}, .block = {32, 8}, .stream = stream};
  forElement(output.element, [&](auto sample) {
    launch(columns<decltype(sample)>, how, input, sinkOf(output, divideAlpha), axis, units);
  });
}

Size betweenAxes(const AreaShape& shape) { return {shape.output.width, shape.input.height}; }

}  // namespace

ResampleAxes planResampleAxes(const AreaShape& shape, const ResizeAxis& x) {
  const Size between = betweenAxes(shape);
  return {between, widestSpan(x, kSegment), Scratch::bytes(between, shape.channels)};
}

void resampleAxes(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x, const AxisTable& y,
                  const ResampleAxes& plan, void* scratch, AlphaHandling alpha) {
  const Plane between = Scratch(scratch).take(plan.between, input.channels);
  filterRows(stream, input, between, x, plan.span, alpha.multiply);
  filterColumns(stream, between, output, y, alpha.divide);
}

}  // namespace framelane::cuda
