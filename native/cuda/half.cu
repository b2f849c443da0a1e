#include "core/half.hpp"

#include <algorithm>

#include "cuda/half.hpp"
#include "cuda/launch.cuh"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

__device__ void convert(float& to, uint16_t from) { to = floatOfHalf(from); }
__device__ void convert(uint16_t& to, float from) { to = halfOfFloat(from); }

template <class To, class From>
__global__ void convertAll(To* to, const From* from, size_t count) {
  const size_t step = size_t{gridDim.x} * blockDim.x;
  for (size_t i = size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += step) convert(to[i], from[i]);
}

template <class To, class From>
void start(Queue& queue, To* to, const From* from, size_t count) {
  constexpr size_t kThreads = 256, kMostBlocks = 1 << 16;
  const auto blocks = static_cast<unsigned>(std::min((count + kThreads - 1) / kThreads, kMostBlocks));
  launch(convertAll<To, From>, {blocks, kThreads, streamOf(queue)}, to, from, count);
}

}  // namespace

void floatsOfHalves(Queue& queue, float* to, const uint16_t* from, size_t count) { start(queue, to, from, count); }
void halvesOfFloats(Queue& queue, uint16_t* to, const float* from, size_t count) { start(queue, to, from, count); }

}  // namespace framelane::cuda
