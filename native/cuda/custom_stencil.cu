// Custom stencils: the interpreter over pixels whose neighbours are read where they lie. A tile in shared memory would take it
// from the registers, and the cache has a window's samples anyway.
#include "cuda/custom_stencil.hpp"

#include "cuda/area.cuh"
#include "cuda/custom.cuh"
#include "cuda/launch.cuh"

namespace framelane::cuda {

namespace {

constexpr int kWarps = 4;
constexpr int kThreads = 32 * kWarps;
constexpr int kPixels = 4;  // of a thread, 32 apart
constexpr int kColumns = 32 * kPixels;

struct Job {
  Plane input;
  UnitSink output;
  const void* code;
  custom::Kernel kernel;
  bool straightAlpha;
};

/// Samples of the input, colours multiplied by alpha; beyond its edges, those at them.
struct Samples {
  const Job& job;
  int x, y;

  __device__ __forceinline__ float at(int column, int row, int channel) const {
    if (job.input.element == Element::u8)
      return (1 / 255.0f) * sampleToFloat(sampleAt<const uint8_t>(job.input, 4 * column + channel, row));
    return sampleAt<const float>(job.input, 4 * column + channel, row);
  }
  __device__ __forceinline__ float operator()(int pixel, int dx, int dy, int channel) const {
    const int column = clampIndex(x + 32 * pixel + dx, job.input.width), row = clampIndex(y + dy, job.input.height);
    if (channel == 3) return job.straightAlpha ? at(column, row, 3) : 1.0f;
    const float value = at(column, row, channel);
    return job.straightAlpha ? value * at(column, row, 3) : value;
  }
};

__device__ __forceinline__ void storePixel(const Job& job, int x, int y, Pixel p) {
  if (4 * x >= job.output.plane.width) return;
  if (job.straightAlpha || job.kernel.shape.writesAlpha()) {
    const bool visible = p.a >= 1e-6f;
    const float inverse = visible ? reciprocal(p.a) : 0.0f;
    p = {p.r * inverse, p.g * inverse, p.b * inverse, visible ? p.a : 0.0f};
  }
  if (job.output.plane.element == Element::u8)
    storeUnit<uint8_t>(job.output, x, y, {255.0f * p.r, 255.0f * p.g, 255.0f * p.b, 255.0f * p.a});
  else
    storeUnit<float>(job.output, x, y, {p.r, p.g, p.b, p.a});
}

__global__ void __launch_bounds__(kThreads) customStencil(const __grid_constant__ Job job) {
  const int x = blockIdx.x * kColumns + threadIdx.x, y = blockIdx.y * kWarps + threadIdx.y;
  if (x >= job.input.width || y >= job.input.height) return;
  const Samples samples{job, x, y};
  Pixel pixels[kPixels];
#pragma unroll
  for (int i = 0; i < kPixels; i++)
    pixels[i] = {samples(i, 0, 0, 0), samples(i, 0, 0, 1), samples(i, 0, 0, 2), samples(i, 0, 0, 3)};
  const auto position = [&](int pixel) -> Position {
    return {static_cast<float>(x + 32 * pixel), static_cast<float>(y)};
  };
  runCode<kThreads>(pixels, {job.code, job.kernel}, position, samples);
#pragma unroll
  for (int i = 0; i < kPixels; i++) storePixel(job, x + 32 * i, y, pixels[i]);
}

}  // namespace

void startCustomStencil(const Stencil& stencil, const Plane& input, const Plane& output, bool straightAlpha,
                        cudaStream_t stream) {
  const Job job{input, sinkOf(output, false), stencil.code, stencil.step.as<custom::Kernel>(), straightAlpha};
  const Launch how{.grid = {ceilDiv(input.width, kColumns), ceilDiv(input.height, kWarps)},
                   .block = {32, kWarps},
                   .stream = stream,
                   .sharedBytes = registerBytes(job.kernel.shape, kThreads)};
  launch(customStencil, how, job);
}

}  // namespace framelane::cuda
