#include "ops/custom_kernel.hpp"

#include "cuda/area.cuh"
#include "cuda/kernel_cache.hpp"
#include "cuda/launch.cuh"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

constexpr dim3 kBlock{32, 8, 1};

dim3 gridOf(Size size) { return {ceilDiv(size.width, kBlock.x), ceilDiv(size.height, kBlock.y), 1}; }

/// Straight colours from 0 to 1; alpha is 1 where the frame has none.
template <class T>
__global__ void unpackPixels(Plane input, bool opaque, float4* pixels) {
  const int x = blockIdx.x * kBlock.x + threadIdx.x, y = blockIdx.y * kBlock.y + threadIdx.y;
  if (x >= input.width || y >= input.height) return;
  const float unit = input.element == Element::f32 ? 1.0f : 1.0f / static_cast<float>(input.maxCode);
  const auto at = [&](int channel) { return unit * sampleToFloat(sampleAt<const T>(input, 4 * x + channel, y)); };
  pixels[static_cast<size_t>(y) * input.width + x] = {at(0), at(1), at(2), opaque ? 1.0f : at(3)};
}

template <class T>
__global__ void packPixels(const float4* pixels, Size size, UnitSink output) {
  const int x = blockIdx.x * kBlock.x + threadIdx.x, y = blockIdx.y * kBlock.y + threadIdx.y;
  if (x >= size.width || y >= size.height) return;
  const float4 p = pixels[static_cast<size_t>(y) * size.width + x];
  const float scale = output.plane.element == Element::f32 ? 1.0f : output.maxCode;
  storeUnit<T>(output, x, y, {scale * p.x, scale * p.y, scale * p.z, scale * p.w});
}

bool isPacked(const Plane& plane) {
  return plane.element == Element::f32 && plane.stride == 16 * static_cast<ptrdiff_t>(plane.width) &&
         reinterpret_cast<uintptr_t>(plane.data) % 16 == 0;
}

class KernelStage final : public AreaStage {
 public:
  KernelStage(const CustomKernel& op, Device& device, const AreaShape& shape)
      : kernel_(cachedKernel(device, op.name, op.source, op.entry, op.parameterCount * sizeof(float))),
        parameters_(op.parameters),
        size_(shape.input),
        opaque_(!shape.straightAlpha) {}

  size_t scratchBytes() const override { return 2 * bytes(); }

  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    const cudaStream_t stream = streamOf(queue);
    const Launch how{.grid = gridOf(size_), .block = kBlock, .stream = stream};
    auto* const first = static_cast<char*>(scratch);
    const bool readsHere = isPacked(input) && !opaque_, writesHere = isPacked(output);
    void* const from = readsHere ? input.data : first;
    void* const to = writesHere ? output.data : first + bytes();
    if (!readsHere)
      forElement(input.element, [&](auto sample) {
        launch(unpackPixels<decltype(sample)>, how, input, opaque_, static_cast<float4*>(from));
      });
    start(queue, from, to);
    if (!writesHere)
      forElement(output.element, [&](auto sample) {
        launch(packPixels<decltype(sample)>, how, static_cast<const float4*>(to), size_, sinkOf(output, false));
      });
  }

 private:
  size_t bytes() const { return (static_cast<size_t>(size_.width) * size_.height * 16 + 255) / 256 * 256; }

  void start(Queue& queue, void* from, void* to) const {
    int width = size_.width, height = size_.height;
    auto parameters = parameters_;  // the driver takes no pointer to const
    std::array<void*, 5> arguments{&from, &to, &width, &height, parameters.data()};
    const dim3 grid = gridOf(size_);
    kernel_.module->enqueue(kernel_.place, queue, {{grid.x, grid.y, 1}, {kBlock.x, kBlock.y, 1}, 0}, arguments.data());
  }

  CachedKernel kernel_;
  std::array<float, CustomKernel::kMostParameters> parameters_;
  Size size_;
  bool opaque_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const CustomKernel& op, Device& device, const AreaShape& shape) {
  return std::make_unique<KernelStage>(op, device, shape);
}

}  // namespace framelane::cuda
