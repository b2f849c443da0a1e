#include "cuda/resample.hpp"

#include <algorithm>

#include "cuda/area.cuh"
#include "cuda/launch.cuh"

namespace framelane::cuda {

namespace {

constexpr int kSegment = 64;  // outputs of a row that one warp makes
constexpr int kWarps = 8;
constexpr size_t kSharedBytes = 48 * 1024;

struct AxisTable {
  const int* first;
  const float* weights;
  int taps, output;
};

/// A warp makes 64 outputs of one row of units. It first copies the inputs they need to shared memory, converted once, unless
/// there are too many of them (`span` is 0 then, and the taps come through the cache).
template <class T, int Channels>
__global__ void __launch_bounds__(32 * kWarps)
    rows(const Plane input, const Plane output, const AxisTable axis, int span, bool straightAlpha) {
  extern __shared__ float4 shared[];
  const int lane = threadIdx.x;
  const int y = (blockIdx.y * kWarps + threadIdx.y) * kUnitHeight<Channels>;
  if (y >= input.height) return;
  const int begin = blockIdx.x * kSegment, end = min(begin + kSegment, axis.output);
  const UnitRow<T, Channels> source(input, y, straightAlpha);
  float4* const staged = shared + threadIdx.y * padded(span);
  const int origin = axis.first[begin];
  if (span > 0) {
    const int count = axis.first[end - 1] + axis.taps - origin;
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
      for (int k = 0; k < axis.taps; k++)
        addWeighted(sum, axis.weights[k * axis.output + x], source[first + k]);
    }
    storeUnitRow<Channels>(output, x, y, sum);
  }
}

/// A thread makes one unit; the rows it reads are read again by the warps above and below, from the first-level cache.
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

AxisTable tableOf(const ResampleAxis& axis) {
  return {axis.first(), axis.weights(), axis.taps(), axis.output()};
}

/// The most inputs that one segment needs, or 0 if a block's do not fit in shared memory. `first` may fall (mirrored edges)
/// only within a segment's reach, so the whole segment is looked at.
int widestSpan(const ResizeAxis& axis) {
  int widest = 0;
  const int outputs = static_cast<int>(axis.first.size());
  for (int begin = 0; begin < outputs; begin += kSegment) {
    const int last = std::min(begin + kSegment, outputs) - 1;
    widest = std::max(widest, axis.first[last] + axis.taps - axis.first[begin]);
  }
  return padded(widest) * sizeof(float4) * kWarps <= kSharedBytes ? widest : 0;
}

DeviceTable transposed(const ResizeAxis& axis) {
  const size_t outputs = axis.first.size(), taps = axis.taps;
  std::vector<float> weights(outputs * taps);
  for (size_t i = 0; i < outputs; i++)
    for (size_t k = 0; k < taps; k++) weights[k * outputs + i] = axis.weights[i * taps + k];
  return {weights.data(), weights.size() * sizeof(float)};
}

}  // namespace

ResampleAxis::ResampleAxis(const ResizeAxis& axis)
    : taps_(axis.taps),
      output_(static_cast<int>(axis.first.size())),
      span_(widestSpan(axis)),
      first_(axis.first.data(), axis.first.size() * sizeof(int)),
      weights_(transposed(axis)) {}

void resampleRows(cudaStream_t stream, const Plane& input, const Plane& output,
                  const ResampleAxis& axis, bool straightAlpha) {
  forSamples(input.element, input.channels, [&](auto sample, auto channels) {
    launch(rows<decltype(sample), channels()>,
           {.grid = {ceilDiv(axis.output(), kSegment),
                     ceilDiv(input.height, kWarps * kUnitHeight<channels()>)},
            .block = {32, kWarps},
            .stream = stream,
            .sharedBytes = padded(axis.span()) * sizeof(float4) * kWarps},
           input, output, tableOf(axis), axis.span(), straightAlpha);
  });
}

void resampleColumns(cudaStream_t stream, const Plane& input, const Plane& output,
                     const ResampleAxis& axis, bool straightAlpha) {
  const int units = unitsPerRow(output);
  const Launch how{.grid = {ceilDiv(units, 32), ceilDiv(axis.output(), 8)},
                   .block = {32, 8},
                   .stream = stream};
  const UnitSink sink = sinkOf(output, straightAlpha);
  launch(output.element == Element::u8 ? columns<uint8_t> : columns<float>, how, input, sink,
         tableOf(axis), units);
}

}  // namespace framelane::cuda
