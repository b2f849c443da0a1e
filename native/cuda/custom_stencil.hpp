#pragma once
#include <cuda_runtime_api.h>

#include "core/stencil.hpp"

namespace framelane::cuda {

/// Enqueues a stencil with code of the user's, on planes of RGBA.
void startCustomStencil(const Stencil& stencil, const Plane& input, const Plane& output, bool straightAlpha,
                        cudaStream_t stream);

}  // namespace framelane::cuda
