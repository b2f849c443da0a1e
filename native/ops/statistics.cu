#include "core/measured.hpp"
#include "cuda/launch.cuh"
#include "cuda/measure.cuh"
#include "cuda/queue.hpp"
#include "ops/statistics.hpp"

namespace framelane::cuda {

namespace {

constexpr int kWarps = kMeasureThreads / 32;

__device__ __forceinline__ float valueOf(float v) { return v; }
__device__ __forceinline__ float valueOf(uint8_t v) { return __fdiv_rn(v, 255.0f); }

__device__ __forceinline__ void addValue(MeasuredPart& part, float v) {
  const bool isNumber = v == v;
  part.sum += isNumber ? v : 0.0f;
  part.min = fminf(part.min, v);  // NaN is passed over
  part.max = fmaxf(part.max, v);
  part.nans += !isNumber;
}

/// Of a warp, in its first lane.
__device__ __forceinline__ void addLanes(MeasuredPart& part) {
  for (int distance = 16; distance > 0; distance /= 2)
    addPart(part, {__shfl_down_sync(~0u, part.sum, distance), __shfl_down_sync(~0u, part.min, distance),
                   __shfl_down_sync(~0u, part.max, distance), __shfl_down_sync(~0u, part.nans, distance)});
}

/// A part of a block for each channel.
template <class Sample>
__global__ void __launch_bounds__(kMeasureThreads) addPixels(const Sample* pixels, int total, MeasuredPart* parts) {
  MeasuredPart own[kMeasured];
  for (MeasuredPart& part : own) part = emptyPart();
  for (int i = blockIdx.x * kMeasureThreads + threadIdx.x; i < total; i += gridDim.x * kMeasureThreads) {
    const auto pixel = loadPixel(pixels, i);
    const float r = valueOf(pixel.x), g = valueOf(pixel.y), b = valueOf(pixel.z);
    addValue(own[0], r);
    addValue(own[1], g);
    addValue(own[2], b);
    addValue(own[3], valueOf(pixel.w));
    addValue(own[4], r * kLumaRed + g * kLumaGreen + b * kLumaBlue);
  }
  __shared__ MeasuredPart warps[kMeasured][kWarps];
#pragma unroll
  for (int c = 0; c < kMeasured; c++) {
    addLanes(own[c]);
    if (threadIdx.x % 32 == 0) warps[c][threadIdx.x / 32] = own[c];
  }
  __syncthreads();
  if (threadIdx.x >= kMeasured) return;
  MeasuredPart sum = warps[threadIdx.x][0];
  for (int i = 1; i < kWarps; i++) addPart(sum, warps[threadIdx.x][i]);
  parts[blockIdx.x * kMeasured + threadIdx.x] = sum;
}

/// A warp for each channel.
__global__ void addParts(const MeasuredPart* parts, int blocks, int total, Statistics::Result* result) {
  const int channel = threadIdx.x / 32;
  MeasuredPart sum = emptyPart();
  for (int i = threadIdx.x % 32; i < blocks; i += 32) addPart(sum, parts[i * kMeasured + channel]);
  addLanes(sum);
  if (threadIdx.x % 32 != 0) return;
  const double nans = static_cast<double>(sum.nans), count = total - nans;
  const double none = static_cast<double>(NAN);
  result->channels[channel] = count > 0 ? Statistics::Channel{sum.min, sum.max, sum.sum / count, nans}
                                        : Statistics::Channel{none, none, none, nans};
}

class StatisticsStage final : public AreaStage {
 public:
  explicit StatisticsStage(Size size) : total_(size.width * size.height) {}

  size_t scratchBytes() const override { return measureBlocks(total_) * kMeasured * sizeof(MeasuredPart); }

  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    const cudaStream_t stream = streamOf(queue);
    auto* const parts = static_cast<MeasuredPart*>(scratch);
    const unsigned blocks = measureBlocks(total_);
    const Launch how{.grid = blocks, .block = kMeasureThreads, .stream = stream};
    if (input.element == Element::u8)
      launch(addPixels<uint8_t>, how, static_cast<const uint8_t*>(input.data), total_, parts);
    else
      launch(addPixels<float>, how, static_cast<const float*>(input.data), total_, parts);
    launch(addParts, {.grid = 1, .block = 32 * kMeasured, .stream = stream}, parts, static_cast<int>(blocks), total_,
           static_cast<Statistics::Result*>(output.data));
  }

 private:
  int total_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Statistics&, Device&, const AreaShape& shape) {
  return std::make_unique<StatisticsStage>(shape.input);
}

}  // namespace framelane::cuda
