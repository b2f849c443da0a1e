#include "cuda/memory.hpp"

#include <cuda_runtime.h>

#include <algorithm>

#include "cuda/check.hpp"
#include "cuda/cuda.hpp"
#include "cuda/handles.hpp"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

/// As StridedCopy, without std::array, whose members are the host's.
struct Steps {
  int rank;
  int64_t sizes[kMostDimensions];
  int64_t to[kMostDimensions];
  int64_t from[kMostDimensions];
};

template <class Element>
__global__ void copyElementsKernel(std::byte* to, const std::byte* from, const __grid_constant__ Steps steps,
                                   size_t count) {
  const size_t step = size_t{gridDim.x} * blockDim.x;
  for (size_t i = size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += step) {
    size_t rest = i;
    int64_t write = 0, read = 0;
    for (int d = steps.rank - 1; d >= 0; d--) {
      const auto size = static_cast<size_t>(steps.sizes[d]);
      const auto place = static_cast<int64_t>(rest % size);
      rest /= size;
      write += place * steps.to[d];
      read += place * steps.from[d];
    }
    *reinterpret_cast<Element*>(to + write) = *reinterpret_cast<const Element*>(from + read);
  }
}

template <class Element>
void launch(cudaStream_t stream, void* to, const void* from, const StridedCopy& copy) {
  constexpr unsigned kThreads = 256, kMostBlocks = 1 << 16;
  const size_t count = copy.count();
  Steps steps{copy.rank, {}, {}, {}};
  std::copy(copy.sizes.begin(), copy.sizes.end(), steps.sizes);
  std::copy(copy.to.begin(), copy.to.end(), steps.to);
  std::copy(copy.from.begin(), copy.from.end(), steps.from);
  const auto blocks = static_cast<unsigned>(std::min<size_t>((count + kThreads - 1) / kThreads, kMostBlocks));
  copyElementsKernel<Element>
      <<<blocks, kThreads, 0, stream>>>(static_cast<std::byte*>(to), static_cast<const std::byte*>(from), steps, count);
  check(cudaGetLastError(), "copy strided memory");
}

/// As elements of a size that the kernel moves; runs of bytes become another dimension.
StridedCopy inWords(const StridedCopy& copy, const void* to, const void* from, size_t& word) {
  auto bits = copy.elementBytes | reinterpret_cast<uintptr_t>(to) | reinterpret_cast<uintptr_t>(from);
  for (int i = 0; i < copy.rank; i++) bits |= static_cast<size_t>(copy.to[i]) | static_cast<size_t>(copy.from[i]);
  word = std::min<size_t>(bits & (~bits + 1), 8);
  StridedCopy result = copy;
  const auto words = static_cast<int64_t>(copy.elementBytes / word);
  result.elementBytes = word;
  if (words == 1) return result;
  require(copy.rank < kMostDimensions, "ERR_INTERNAL", "strided copy: too many dimensions");
  result.sizes[copy.rank] = words;
  result.to[copy.rank] = result.from[copy.rank] = static_cast<int64_t>(word);
  result.rank++;
  return result;
}

}  // namespace

int deviceOfAddress(const void* data, size_t bytes) {
  const auto attributesOf = [](const void* byte) {
    cudaPointerAttributes attributes{};
    if (cudaPointerGetAttributes(&attributes, byte) != cudaSuccess) {
      cudaGetLastError();
      attributes.type = cudaMemoryTypeUnregistered;
    }
    return attributes;
  };
  const auto isDevice = [](const cudaPointerAttributes& attributes) {
    return attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged;
  };
  const cudaPointerAttributes first = attributesOf(data);
  const cudaPointerAttributes last = attributesOf(static_cast<const std::byte*>(data) + (bytes ? bytes - 1 : 0));
  require(isDevice(first), "ERR_INVALID_ARGUMENT",
          "data: expected the address of memory of a CUDA device, received one that CUDA does not know");
  require(isDevice(last) && last.device == first.device, "ERR_INVALID_ARGUMENT",
          "data: expected " + std::to_string(bytes) + " bytes of memory of a CUDA device, the last of them is not");
  return first.device;
}

void copyRows(Queue& queue, void* to, size_t toPitch, const void* from, size_t fromPitch, size_t width, size_t rows) {
  cudaStream_t stream = streamOf(queue);
  const cudaError_t status =
      rows == 1 ? cudaMemcpyAsync(to, from, width, cudaMemcpyDefault, stream)
                : cudaMemcpy2DAsync(to, toPitch, from, fromPitch, width, rows, cudaMemcpyDefault, stream);
  check(status, "copy memory");
}

void copyElements(Queue& queue, void* to, const void* from, const StridedCopy& copy) {
  size_t word = 1;
  const StridedCopy words = inWords(copy, to, from, word);
  cudaStream_t stream = streamOf(queue);
  if (word == 8) return launch<uint64_t>(stream, to, from, words);
  if (word == 4) return launch<uint32_t>(stream, to, from, words);
  if (word == 2) return launch<uint16_t>(stream, to, from, words);
  launch<uint8_t>(stream, to, from, words);
}

void waitForStream(Queue& queue, uint64_t stream) {
  cudaStream_t own = streamOf(queue);
  Event passed;
  check(cudaEventRecord(passed, reinterpret_cast<cudaStream_t>(stream)), "record an event on a foreign stream");
  check(cudaStreamWaitEvent(own, passed), "wait for a foreign stream");
}

}  // namespace framelane::cuda
