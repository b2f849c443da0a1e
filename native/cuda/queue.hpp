#pragma once
// What CUDA code needs to know of a queue and a backend of its own kind.
#include <cuda_runtime_api.h>

#include "core/backend.hpp"

namespace framelane::cuda {

/// The stream behind a CUDA queue; its device becomes the calling thread's current one.
cudaStream_t streamOf(Queue& queue);
/// Makes the backend's device the calling thread's current one.
void makeCurrent(Backend& backend);
int ordinalOf(const Backend& backend);

}  // namespace framelane::cuda
