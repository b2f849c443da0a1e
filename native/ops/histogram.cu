#include "cuda/launch.cuh"
#include "cuda/measure.cuh"
#include "cuda/queue.hpp"
#include "ops/histogram.hpp"

namespace framelane::cuda {

namespace {

constexpr int kAllBins = kMeasured * Histogram::kBins;
// Warps share them in pairs: 20 KB, so that an SM holds as many blocks as it has threads for.
constexpr int kCopies = 4;

/// As the CPU rounds, with no multiplication folded into an addition.
__device__ __forceinline__ uint32_t codeOf(float v) {
  return static_cast<uint32_t>(__fadd_rn(fminf(fmaxf(__fmul_rn(v, 255.0f), 0.0f), 255.0f), 0.5f));
}
__device__ __forceinline__ uint32_t codeOf(uint8_t v) { return v; }

/// Where a warp's pixels are all of one code, as in black bars and in the alpha of most frames, one lane counts them.
__device__ __forceinline__ void count(uint32_t* bins, uint32_t code, bool isPixel) {
  int same;
  __match_all_sync(~0u, isPixel ? code : ~0u, &same);
  if (same) {
    if (isPixel && threadIdx.x % 32 == 0) atomicAdd(bins + code, 32);
  } else if (isPixel) {
    atomicAdd(bins + code, 1);
  }
}

/// Frames are packed tightly: a pixel is known by its number. Counts in shared memory, then adds whole numbers, so that their
/// order does not matter.
template <class Sample>
__global__ void __launch_bounds__(kMeasureThreads) countPixels(const Sample* pixels, int total, uint32_t* result) {
  __shared__ uint32_t bins[kCopies][kAllBins];
  for (int i = threadIdx.x; i < kCopies * kAllBins; i += kMeasureThreads) (&bins[0][0])[i] = 0;
  __syncthreads();
  uint32_t* const own = bins[threadIdx.x / 32 % kCopies];
  // The bound is a warp's, whose lanes stay together.
  const int step = gridDim.x * kMeasureThreads;
  for (int first = blockIdx.x * kMeasureThreads + threadIdx.x / 32 * 32; first < total; first += step) {
    const int i = first + threadIdx.x % 32;
    const bool isPixel = i < total;
    const auto pixel = loadPixel(pixels, isPixel ? i : first);
    const uint32_t r = codeOf(pixel.x), g = codeOf(pixel.y), b = codeOf(pixel.z), a = codeOf(pixel.w);
    count(own, r, isPixel);
    count(own + Histogram::kBins, g, isPixel);
    count(own + 2 * Histogram::kBins, b, isPixel);
    count(own + 3 * Histogram::kBins, a, isPixel);
    count(own + 4 * Histogram::kBins, Histogram::luma(r, g, b), isPixel);
  }
  __syncthreads();
  for (int i = threadIdx.x; i < kAllBins; i += kMeasureThreads) {
    uint32_t sum = 0;
    for (const auto& copy : bins) sum += copy[i];
    if (sum > 0) atomicAdd(result + i, sum);
  }
}

class HistogramStage final : public AreaStage {
 public:
  void run(Queue& queue, const Plane& input, const Plane& output, void*) const override {
    const cudaStream_t stream = streamOf(queue);
    auto* const result = static_cast<uint32_t*>(output.data);
    const int total = input.width * input.height;
    const Launch how{.grid = measureBlocks(total), .block = kMeasureThreads, .stream = stream};
    check(cudaMemsetAsync(result, 0, sizeof(Histogram::Result), stream), "cudaMemsetAsync");
    if (input.element == Element::u8)
      launch(countPixels<uint8_t>, how, static_cast<const uint8_t*>(input.data), total, result);
    else
      launch(countPixels<float>, how, static_cast<const float*>(input.data), total, result);
  }
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Histogram&, Device&, const AreaShape&) {
  return std::make_unique<HistogramStage>();
}

}  // namespace framelane::cuda
