// One axis a kernel, for radii whose tiles would be mostly border.
#include <cstdlib>

#include "cuda/convolve.hpp"
#include "cuda/launch.cuh"
#include "cuda/slide.cuh"

namespace framelane::cuda {

namespace {

// Neighbouring results of one thread. Along rows 4, because a segment of 128 divides the usual widths; along columns 8,
// because fewer rows are then read twice.
constexpr int kAcross = 4;
constexpr int kDown = 8;
constexpr int kSegment = 32 * kAcross;  // results of a row that one warp makes
constexpr int kChunk = 64;              // steps for which a warp keeps samples: any radius takes the same shared memory
constexpr int kRowWarps = 4;
constexpr int kColumnWarps = 8;

struct Taps {
  const float* weights;
  int radius, steps;
};

template <class T, int Channels>
__global__ void __launch_bounds__(32 * kRowWarps)
    rows(const Plane input, const Plane output, const Taps taps, bool straightAlpha) {
  __shared__ float4 shared[kRowWarps][padded(kSegment - kAcross + kChunk)];
  const int lane = threadIdx.x, begin = blockIdx.x * kSegment;
  const int y = (blockIdx.y * kRowWarps + threadIdx.y) * kUnitHeight<Channels>;
  if (y >= input.height) return;
  const UnitRow<T, Channels> source(input, y, straightAlpha);
  float4* const staged = shared[threadIdx.y];
  float4 sums[kAcross] = {};
  float before[kAcross] = {};
  for (int chunk = 0; chunk < taps.steps; chunk += kChunk) {
    const int count = min(kChunk, taps.steps - chunk);
    for (int i = lane; i < kSegment - kAcross + count; i += 32)
      staged[padded(i)] = source[clampIndex(begin - taps.radius + chunk + i, input.width)];
    __syncwarp();
    const auto block = [&](int j, float4 (&samples)[kAcross]) {
      const float4* const from = staged + padded(lane * kAcross + j);
#pragma unroll
      for (int i = 0; i < kAcross; i++) samples[i] = from[i];
    };
    spread(sums, before, count, block, [&](int k) { return taps.weights[chunk + k]; });
    __syncwarp();
  }
  // Through shared memory once more: neighbouring lanes then store neighbouring units.
#pragma unroll
  for (int t = 0; t < kAcross; t++) staged[padded(lane * kAcross + t)] = sums[t];
  __syncwarp();
#pragma unroll
  for (int i = lane; i < kSegment; i += 32)
    if (begin + i < input.width) storeUnitRow<Channels>(output, begin + i, y, staged[padded(i)]);
}

/// The warps of a block lie below each other and share what they read through the first-level cache.
template <class T>
__global__ void __launch_bounds__(32 * kColumnWarps, 4)
    columns(const Plane input, const UnitSink output, const Taps taps, int units) {
  const int unit = blockIdx.x * 32 + threadIdx.x, y = (blockIdx.y * kColumnWarps + threadIdx.y) * kDown;
  if (unit >= units || y >= input.height) return;
  float4 sums[kDown] = {};
  float before[kDown] = {};
  const auto block = [&](int j, float4 (&samples)[kDown]) {
#pragma unroll
    for (int i = 0; i < kDown; i++)
      samples[i] = sampleAt<const float4>(input, unit, clampIndex(y - taps.radius + j + i, input.height));
  };
  spread(sums, before, taps.steps, block, [&](int k) { return taps.weights[k]; });
#pragma unroll
  for (int t = 0; t < kDown; t++) storeUnit<T>(output, unit, y + t, sums[t]);
}

DeviceTable mirrored(const std::vector<float>& half) {
  const int radius = static_cast<int>(half.size()) - 1;
  std::vector<float> weights;
  for (int i = -radius; i <= radius; i++) weights.push_back(half[std::abs(i)]);
  weights.resize(weights.size() + 2 * kDown);  // zeros, as many as either kernel runs on over
  return {weights.data(), weights.size() * sizeof(float)};
}

Taps tapsOf(const ConvolveAxis& axis, int outputs) {
  return {axis.weights(), axis.radius(), spreadSteps(2 * axis.radius() + 1, outputs)};
}

}  // namespace

ConvolveAxis::ConvolveAxis(const std::vector<float>& half)
    : radius_(static_cast<int>(half.size()) - 1), weights_(mirrored(half)) {}

void convolveRows(cudaStream_t stream, const Plane& input, const Plane& output,
                  const ConvolveAxis& axis, bool straightAlpha) {
  forSamples(input.element, input.channels, [&](auto sample, auto channels) {
    launch(rows<decltype(sample), channels()>,
           {.grid = {ceilDiv(input.width, kSegment), ceilDiv(input.height, kRowWarps * kUnitHeight<channels()>)},
            .block = {32, kRowWarps},
            .stream = stream},
           input, output, tapsOf(axis, kAcross), straightAlpha);
  });
}

void convolveColumns(cudaStream_t stream, const Plane& input, const Plane& output,
                     const ConvolveAxis& axis, bool straightAlpha) {
  const int units = unitsPerRow(output);
  const Launch how{.grid = {ceilDiv(units, 32), ceilDiv(input.height, kColumnWarps * kDown)},
                   .block = {32, kColumnWarps},
                   .stream = stream};
  launch(output.element == Element::u8 ? columns<uint8_t> : columns<float>, how, input,
         sinkOf(output, straightAlpha), tapsOf(axis, kDown), units);
}

}  // namespace framelane::cuda
