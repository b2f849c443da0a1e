// One axis a kernel, for radii whose tiles would be mostly border.
#include <cstdlib>

#include "cuda/convolve.hpp"
#include "cuda/launch.cuh"
#include "cuda/slide.cuh"

namespace framelane::cuda {

namespace {

constexpr int kOutputs = 8;              // neighbouring results of one thread
constexpr int kWarps = 4;
constexpr int kSegment = 32 * kOutputs;  // results of a row that one warp makes
constexpr int kChunk = 64;               // steps for which a warp keeps samples: any radius takes the same shared memory

template <class T, int Channels>
__global__ void __launch_bounds__(32 * kWarps)
    rows(const Plane input, const Plane output, const float* weights, int radius, int steps, bool straightAlpha) {
  __shared__ float4 shared[kWarps][padded(kSegment - kOutputs + kChunk)];
  const int lane = threadIdx.x, begin = blockIdx.x * kSegment;
  const int y = (blockIdx.y * kWarps + threadIdx.y) * kUnitHeight<Channels>;
  if (y >= input.height) return;
  const UnitRow<T, Channels> source(input, y, straightAlpha);
  float4* const staged = shared[threadIdx.y];
  float4 sums[kOutputs] = {};
  float before[kOutputs] = {};
  for (int chunk = 0; chunk < steps; chunk += kChunk) {
    const int count = min(kChunk, steps - chunk);
    for (int i = lane; i < kSegment - kOutputs + count; i += 32)
      staged[padded(i)] = source[clampIndex(begin - radius + chunk + i, input.width)];
    __syncwarp();
    const auto block = [&](int j, float4 (&samples)[kOutputs]) {
      const float4* const from = staged + padded(lane * kOutputs + j);
#pragma unroll
      for (int i = 0; i < kOutputs; i++) samples[i] = from[i];
    };
    slide(sums, before, count, block, [&](int k) { return weights[chunk + k]; });
    __syncwarp();
  }
  // Through shared memory once more: neighbouring lanes then store neighbouring units.
#pragma unroll
  for (int t = 0; t < kOutputs; t++) staged[padded(lane * kOutputs + t)] = sums[t];
  __syncwarp();
  for (int i = lane; i < kSegment && begin + i < input.width; i += 32)
    storeUnitRow<Channels>(output, begin + i, y, staged[padded(i)]);
}

/// The warps of a block lie below each other and share what they read through the first-level cache.
template <class T>
__global__ void __launch_bounds__(32 * kWarps)
    columns(const Plane input, const UnitSink output, const float* weights, int radius, int steps, int units) {
  const int unit = blockIdx.x * 32 + threadIdx.x, y = (blockIdx.y * kWarps + threadIdx.y) * kOutputs;
  if (unit >= units || y >= input.height) return;
  float4 sums[kOutputs] = {};
  float before[kOutputs] = {};
  const auto block = [&](int j, float4 (&samples)[kOutputs]) {
#pragma unroll
    for (int i = 0; i < kOutputs; i++)
      samples[i] = sampleAt<const float4>(input, unit, clampIndex(y - radius + j + i, input.height));
  };
  slide(sums, before, steps, block, [&](int k) { return weights[k]; });
#pragma unroll
  for (int t = 0; t < kOutputs; t++) storeUnit<T>(output, unit, y + t, sums[t]);
}

DeviceTable mirrored(const std::vector<float>& half) {
  const int radius = static_cast<int>(half.size()) - 1;
  std::vector<float> weights;
  for (int i = -radius; i <= radius; i++) weights.push_back(half[std::abs(i)]);
  weights.resize(slideSteps(2 * radius + 1, kOutputs));
  return {weights.data(), weights.size() * sizeof(float)};
}

}  // namespace

ConvolveAxis::ConvolveAxis(const std::vector<float>& half)
    : radius_(static_cast<int>(half.size()) - 1), weights_(mirrored(half)) {}

void convolveRows(cudaStream_t stream, const Plane& input, const Plane& output,
                  const ConvolveAxis& axis, bool straightAlpha) {
  forSamples(input.element, input.channels, [&](auto sample, auto channels) {
    launch(rows<decltype(sample), channels()>,
           {.grid = {ceilDiv(input.width, kSegment), ceilDiv(input.height, kWarps * kUnitHeight<channels()>)},
            .block = {32, kWarps},
            .stream = stream},
           input, output, axis.weights(), axis.radius(), slideSteps(2 * axis.radius() + 1, kOutputs), straightAlpha);
  });
}

void convolveColumns(cudaStream_t stream, const Plane& input, const Plane& output,
                     const ConvolveAxis& axis, bool straightAlpha) {
  const int units = unitsPerRow(output);
  const Launch how{.grid = {ceilDiv(units, 32), ceilDiv(input.height, kWarps * kOutputs)},
                   .block = {32, kWarps},
                   .stream = stream};
  launch(output.element == Element::u8 ? columns<uint8_t> : columns<float>, how, input,
         sinkOf(output, straightAlpha), axis.weights(), axis.radius(), slideSteps(2 * axis.radius() + 1, kOutputs), units);
}

}  // namespace framelane::cuda
