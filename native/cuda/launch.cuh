#pragma once
// The one way to start a kernel.
#include <cuda_runtime.h>

#include <source_location>

#include "core/format.hpp"
#include "cuda/check.hpp"

namespace framelane::cuda {

constexpr unsigned ceilDiv(int count, int step) { return static_cast<unsigned>((count + step - 1) / step); }

struct Launch {
  dim3 grid;
  dim3 block;
  cudaStream_t stream;
  size_t sharedBytes = 0;
  std::source_location at = std::source_location::current();
};

/// Starts the kernel and checks the start. With FL_CUDA_SYNC_DEBUG it also waits, so that an error
/// inside the kernel names the launch it belongs to.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Launch& how, const Arguments&... arguments) {
  kernel<<<how.grid, how.block, how.sharedBytes, how.stream>>>(arguments...);
  check(cudaGetLastError(), "kernel launch", how.at);
#ifdef FL_CUDA_SYNC_DEBUG
  check(cudaStreamSynchronize(how.stream), "kernel", how.at);
#endif
}

}  // namespace framelane::cuda
