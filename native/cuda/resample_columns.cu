// Resampling to fewer pixels in one kernel: a thread goes down one column of the input, which it
// reads once, and sums it for a few rows of the output at a time; then the sums, in shared memory,
// are filtered along the row. Small blocks let several share a multiprocessor, so that some load
// while others filter.
#include <algorithm>

#include "cuda/area.cuh"
#include "cuda/launch.cuh"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

constexpr int kThreads = 128;
constexpr int kMostHeight = 256;  // of the inputs that a thread goes down, one after the other

/// What a block makes and holds. A column is a unit: a pixel, or four neighbouring samples.
template <int Channels>
struct Shape {
  static constexpr int kRows = Channels == 4 ? 8 : 4;  // of the output
  static constexpr int kUnroll = Channels == 4 ? 8 : 4;
  static constexpr int kMinBlocks = Channels == 4 ? 4 : 1;
  static constexpr int kPitch = Channels == 4 ? padded(kThreads) : kThreads;
  static constexpr int kOutputs = Channels == 4 ? kThreads / 2 : 4 * kThreads;  // of a row, at most
  // Of the input, in pixels or samples: those before the first, in its unit, take up to three.
  static constexpr int kSpan = Channels == 4 ? kThreads : 4 * kThreads - 3;
};

/// The rows of a block: outputs y0 .. y1 - 1 and the inputs that they take.
struct Rows {
  int y0, y1, top, height;

  __device__ Rows(const AxisTable& axis, int begin, int count)
      : y0(begin),
        y1(min(begin + count, axis.output)),
        top(axis.first[y0]),
        height(axis.first[y1 - 1] + axis.taps - top) {}
};

/// weights[i * Count + r] is what input row i gives to output row r: 0 where it is no tap of it.
template <int Count>
__device__ void stageWeights(float* weights, const AxisTable& axis, const Rows& rows) {
  for (int i = threadIdx.x; i < rows.height * Count; i += kThreads) {
    const int y = rows.y0 + i % Count;
    float weight = 0;
    if (y < rows.y1) {
      const int k = rows.top + i / Count - axis.first[y];
      if (k >= 0 && k < axis.taps) weight = axis.weights[k * axis.output + y];
    }
    weights[i] = weight;
  }
}

/// sums[r] += weights[i * Count + r] * sample(i) for i < height. All threads have the same weights,
/// so that leaving out the zeros does not divide a warp.
template <int Unroll, int Count, class Sample>
__device__ __forceinline__ void sumColumn(float4 (&sums)[Count], const float* weights, int height,
                                          const Sample& sample) {
#pragma unroll Unroll
  for (int i = 0; i < height; i++) {
    const float4 v = sample(i);
#pragma unroll
    for (int r = 0; r < Count; r += 4) {
      const float4 four = *reinterpret_cast<const float4*>(weights + i * Count + r);
      if (four.x != 0) addWeighted(sums[r], four.x, v);
      if (four.y != 0) addWeighted(sums[r + 1], four.y, v);
      if (four.z != 0) addWeighted(sums[r + 2], four.z, v);
      if (four.w != 0) addWeighted(sums[r + 3], four.w, v);
    }
  }
}

/// Each half of a block filters half of the rows along the row.
template <class In, class Out>
__global__ void __launch_bounds__(kThreads, Shape<4>::kMinBlocks)
    pixels(const Plane input, const UnitSink output, const AxisTable alongX, const AxisTable alongY, int outputs,
           bool multiplyAlpha) {
  using Word = typename RunWord<In, 4>::Type;
  constexpr int kRows = Shape<4>::kRows, kPitch = Shape<4>::kPitch, kLanes = Shape<4>::kOutputs;
  extern __shared__ float4 shared[];
  float* const weights = &shared[kRows * kPitch].x;
  const int x0 = blockIdx.x * outputs, x1 = min(x0 + outputs, alongX.output);
  const int left = alongX.first[x0], columns = alongX.first[x1 - 1] + alongX.taps - left;
  const Rows rows(alongY, blockIdx.y * kRows, kRows);
  stageWeights<kRows>(weights, alongY, rows);
  __syncthreads();

  const int x = threadIdx.x;
  if (x < columns) {
    float4 sums[kRows] = {};
    sumColumn<Shape<4>::kUnroll>(sums, weights, rows.height, [&](int i) {
      float4 v = toUnit(__ldg(&sampleAt<const Word>(input, left + x, rows.top + i)));
      if (multiplyAlpha) v = {v.x * v.w, v.y * v.w, v.z * v.w, v.w};
      return v;
    });
#pragma unroll
    for (int r = 0; r < kRows; r++) shared[r * kPitch + padded(x)] = sums[r];
  }
  __syncthreads();

  constexpr int kHalf = kRows / 2;
  const int at = x0 + x % kLanes, row = x / kLanes * kHalf;
  if (at >= x1) return;
  const int first = alongX.first[at] - left;
  const float4* const line = shared + row * kPitch;
  float4 sums[kHalf] = {};
#pragma unroll 4
  for (int k = 0; k < alongX.taps; k++) {
    const float weight = __ldg(alongX.weights + k * alongX.output + at);
#pragma unroll
    for (int r = 0; r < kHalf; r++) addWeighted(sums[r], weight, line[r * kPitch + padded(first + k)]);
  }
#pragma unroll
  for (int r = 0; r < kHalf; r++)
    if (rows.y0 + row + r < rows.y1) storeUnit<Out>(output, at, rows.y0 + row + r, sums[r]);
}

/// `wide`: four samples are one access.
template <class In, class Out>
__global__ void __launch_bounds__(kThreads, Shape<1>::kMinBlocks)
    samples(const Plane input, const Plane output, const AxisTable alongX, const AxisTable alongY, int outputs,
            bool wide, float maxCode) {
  using Word = typename RunWord<In, 4>::Type;
  constexpr int kRows = Shape<1>::kRows, kPitch = Shape<1>::kPitch, kUnroll = Shape<1>::kUnroll;
  extern __shared__ float4 shared[];
  float* const weights = &shared[kRows * kPitch].x;
  const int x0 = blockIdx.x * outputs, x1 = min(x0 + outputs, alongX.output);
  const int left = alongX.first[x0] & ~3;
  const int columns = alongX.first[x1 - 1] + alongX.taps - left;
  const Rows rows(alongY, blockIdx.y * kRows, kRows);
  stageWeights<kRows>(weights, alongY, rows);
  __syncthreads();

  const int at = left + 4 * threadIdx.x, last = input.width - 1;
  if (at < left + columns) {
    float4 sums[kRows] = {};
    if (wide && at + 3 <= last)
      sumColumn<kUnroll>(sums, weights, rows.height,
                         [&](int i) { return toUnit(__ldg(&sampleAt<const Word>(input, at / 4, rows.top + i))); });
    else
      sumColumn<kUnroll>(sums, weights, rows.height, [&](int i) -> float4 {
        const In* const row = &sampleAt<const In>(input, 0, rows.top + i);
        return {sampleToFloat(row[at]), sampleToFloat(row[min(at + 1, last)]), sampleToFloat(row[min(at + 2, last)]),
                sampleToFloat(row[min(at + 3, last)])};
      });
#pragma unroll
    for (int r = 0; r < kRows; r++) shared[r * kPitch + threadIdx.x] = sums[r];
  }
  __syncthreads();

  const float* const line = &shared[0].x;
  for (int x = x0 + threadIdx.x; x < x1; x += kThreads) {
    const int first = alongX.first[x] - left;
    float sums[kRows] = {};
#pragma unroll 4
    for (int k = 0; k < alongX.taps; k++) {
      const float weight = __ldg(alongX.weights + k * alongX.output + x);
#pragma unroll
      for (int r = 0; r < kRows; r++) sums[r] = fmaf(weight, line[r * kPitch * 4 + first + k], sums[r]);
    }
#pragma unroll
    for (int r = 0; r < kRows; r++)
      if (rows.y0 + r < rows.y1) setSample(sampleAt<Out>(output, x, rows.y0 + r), sums[r], maxCode);
  }
}

/// The most outputs of a row whose inputs a block holds, alike in all blocks.
int outputsOfBlock(const ResizeAxis& axis, int inputs, int span, int most) {
  const int count = static_cast<int>(axis.first.size());
  if (axis.taps > span) return 0;
  const long long guess = static_cast<long long>(span - axis.taps) * count / inputs + 2;
  int outputs = static_cast<int>(std::min<long long>({guess, most, count}));
  const auto fit = [&] {
    while (widestSpan(axis, outputs) > span) outputs--;
  };
  fit();
  outputs = static_cast<int>(ceilDiv(count, static_cast<int>(ceilDiv(count, outputs))));
  fit();
  return outputs;
}

template <int Channels>
ResampleColumns plan(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y) {
  using S = Shape<Channels>;
  const int outputs = outputsOfBlock(x, shape.input.width, S::kSpan, S::kOutputs);
  if (outputs == 0) return {};
  const int height = widestSpan(y, S::kRows);
  // A column is summed for every block that it is in: at over twice its share a second pass is
  // cheaper.
  const long long summed = static_cast<long long>(ceilDiv(shape.output.width, outputs)) * widestSpan(x, outputs);
  if (height > kMostHeight || summed > 2LL * shape.input.width) return {};
  return {outputs, S::kRows * (S::kPitch * sizeof(float4) + height * sizeof(float))};
}

}  // namespace

ResampleColumns planResampleColumns(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y) {
  return shape.channels == 4 ? plan<4>(shape, x, y) : plan<1>(shape, x, y);
}

void resampleColumns(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                     const AxisTable& y, const ResampleColumns& plan, AlphaHandling alpha) {
  const bool rgba = input.channels == 4;
  const int rows = rgba ? Shape<4>::kRows : Shape<1>::kRows;
  const Launch how{.grid = {ceilDiv(x.output, plan.outputs), ceilDiv(y.output, rows)},
                   .block = {kThreads},
                   .stream = stream,
                   .sharedBytes = plan.sharedBytes};
  forElement(input.element, [&](auto in) {
    forElement(output.element, [&](auto out) {
      using In = decltype(in);
      using Out = decltype(out);
      if (rgba)
        launch(pixels<In, Out>, how, input, sinkOf(output, alpha.divide), x, y, plan.outputs, alpha.multiply);
      else
        launch(samples<In, Out>, how, input, output, x, y, plan.outputs, hasWideUnits(input),
               static_cast<float>(output.maxCode));
    });
  });
}

}  // namespace framelane::cuda
