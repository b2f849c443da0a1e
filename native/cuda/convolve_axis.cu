// One axis a kernel, for radii whose tiles would be mostly border. rgbaf32 1080p on an H200,
// 2026-11-21, device copy 18.8 us, rows + columns: radius 8 22 + 22 us, 20 28 + 29 us, 32 33 + 38
// us. Radius 20 is 2 x 11.5 us of multiply-adds at the peak rate.
#include <algorithm>
#include <cstdlib>

#include "cuda/convolve.hpp"
#include "cuda/launch.cuh"
#include "cuda/slide.cuh"

namespace framelane::cuda {

namespace {

constexpr int kOutputs = 8;              // neighbouring results of one thread
constexpr int kSegment = 32 * kOutputs;  // results of a row that one warp makes
constexpr int kRowWarps = 4;
constexpr int kColumnWarps = 8;
constexpr int kBatch = 10;  // loads that a lane has under way when it stages
constexpr size_t kSharedBytes = 48 * 1024;

struct Taps {
  const float* weights;
  int count, reach;  // the first tap lies `reach` before the output
};

__device__ __forceinline__ void readWeights(const Taps& taps, int j, float (&weights)[kOutputs]) {
#pragma unroll
  for (int i = 0; i < kOutputs; i++) weights[i] = taps.weights[j + i];
}

/// `staged` samples go through shared memory; 0: too many, they come through the cache, slowly.
template <class T, int Channels>
__global__ void __launch_bounds__(32 * kRowWarps)
    rows(const Plane input, const Plane output, const Taps taps, int staged, bool straightAlpha) {
  extern __shared__ float4 shared[];
  const int lane = threadIdx.x, begin = blockIdx.x * kSegment;
  const int y = (blockIdx.y * kRowWarps + threadIdx.y) * kUnitHeight<Channels>;
  if (y >= input.height) return;
  const UnitRow<T, Channels> source(input, y, straightAlpha);
  const auto sample = [&](int i) { return source[clampIndex(begin - taps.reach + i, input.width)]; };
  const auto weights = [&](int j, float(&w)[kOutputs]) { readWeights(taps, j, w); };
  float4* const line = shared + threadIdx.y * padded(max(staged, kSegment));
  float4 sums[kOutputs] = {};
  if (staged > 0) {
    for (int part = 0; part < staged; part += 32 * kBatch) {
      float4 samples[kBatch];
#pragma unroll
      for (int i = 0; i < kBatch; i++) samples[i] = sample(part + 32 * i + lane);
#pragma unroll
      for (int i = 0; i < kBatch; i++)
        if (part + 32 * i + lane < staged) line[padded(part + 32 * i + lane)] = samples[i];
    }
    __syncwarp();
    const auto block = [&](int j, float4(&samples)[kOutputs]) {
      const float4* const from = line + padded(lane * kOutputs + j);
#pragma unroll
      for (int i = 0; i < kOutputs; i++) samples[i] = from[i];
    };
    spread(sums, taps.count, block, weights);
    __syncwarp();
  } else {
    const auto block = [&](int j, float4(&samples)[kOutputs]) {
#pragma unroll
      for (int i = 0; i < kOutputs; i++) samples[i] = sample(lane * kOutputs + j + i);
    };
    spread(sums, taps.count, block, weights);
  }
  // Through shared memory: neighbouring lanes then store neighbouring units.
#pragma unroll
  for (int t = 0; t < kOutputs; t++) line[padded(lane * kOutputs) + t] = sums[t];
  __syncwarp();
#pragma unroll
  for (int i = 0; i < kOutputs; i++) {
    const int x = 32 * i + lane;
    if (begin + x < input.width) storeUnitRow<Channels>(output, begin + x, y, line[padded(x)]);
  }
}

/// The warps of a block lie below each other and share what they read through the first-level
/// cache.
template <class T>
__global__ void __launch_bounds__(32 * kColumnWarps, 4)
    columns(const Plane input, const UnitSink output, const Taps taps, int units) {
  const int unit = blockIdx.x * 32 + threadIdx.x, y = (blockIdx.y * kColumnWarps + threadIdx.y) * kOutputs;
  if (unit >= units || y >= input.height) return;
  float4 sums[kOutputs] = {};
  const auto block = [&](int j, float4(&samples)[kOutputs]) {
#pragma unroll
    for (int i = 0; i < kOutputs; i++)
      samples[i] = sampleAt<const float4>(input, unit, clampIndex(y - taps.reach + j + i, input.height));
  };
  spread(sums, taps.count, block, [&](int j, float(&w)[kOutputs]) { readWeights(taps, j, w); });
#pragma unroll
  for (int t = 0; t < kOutputs; t++) storeUnit<T>(output, unit, y + t, sums[t]);
}

int tapCount(int radius) { return spreadTaps(2 * radius + 1, kOutputs); }

/// Both halves, behind as many zeros as `spread` wants, and before as many as its last block reads.
std::vector<float> mirrored(const std::vector<float>& half) {
  const int radius = static_cast<int>(half.size()) - 1;
  std::vector<float> weights(tapCount(radius) - (2 * radius + 1));
  for (int i = -radius; i <= radius; i++) weights.push_back(half[std::abs(i)]);
  weights.resize(weights.size() + kOutputs - 1);
  return weights;
}

Taps tapsOf(const ConvolveAxis& axis) {
  const int count = tapCount(axis.radius());
  return {axis.weights(), count, count - 1 - axis.radius()};
}

}  // namespace

ConvolveAxis::ConvolveAxis(const std::vector<float>& half, Tables& tables)
    : radius_(static_cast<int>(half.size()) - 1), weights_(tables.add(mirrored(half))) {}

void convolveRows(cudaStream_t stream, const Plane& input, const Plane& output, const ConvolveAxis& axis,
                  bool straightAlpha) {
  const Taps taps = tapsOf(axis);
  const int wanted = kSegment - 1 + taps.count;
  const auto bytes = [](int units) { return padded(units) * sizeof(float4) * kRowWarps; };
  const int staged = bytes(wanted) <= kSharedBytes ? wanted : 0;
  forSamples(input.element, input.channels, [&](auto sample, auto channels) {
    launch(rows<decltype(sample), channels()>,
           {.grid = {ceilDiv(input.width, kSegment), ceilDiv(input.height, kRowWarps * kUnitHeight<channels()>)},
            .block = {32, kRowWarps},
            .stream = stream,
            .sharedBytes = bytes(std::max(staged, kSegment))},
           input, output, taps, staged, straightAlpha);
  });
}

void convolveColumns(cudaStream_t stream, const Plane& input, const Plane& output, const ConvolveAxis& axis,
                     bool straightAlpha) {
  const int units = unitsPerRow(output);
  const Launch how{.grid = {ceilDiv(units, 32), ceilDiv(input.height, kColumnWarps * kOutputs)},
                   .block = {32, kColumnWarps},
                   .stream = stream};
  forElement(output.element, [&](auto sample) {
    launch(columns<decltype(sample)>, how, input, sinkOf(output, straightAlpha), tapsOf(axis), units);
  });
}

}  // namespace framelane::cuda
