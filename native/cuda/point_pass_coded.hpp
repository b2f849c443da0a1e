#pragma once
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

/// Starts a pass that has code of the user's among its steps.
void startCodedPass(const Pass& pass, cudaStream_t stream);

}  // namespace framelane::cuda
