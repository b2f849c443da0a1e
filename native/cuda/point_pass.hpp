#pragma once
#include <cuda_runtime_api.h>

#include "core/program.hpp"

namespace framelane::cuda {

/// Whether it runs code of the user's.
bool isCoded(const PointStep& step);
/// Enqueues one fused pass on the current device, which has that ordinal (core/program.hpp says what it computes).
void runPointPass(const PointProgram& program, int ordinal, cudaStream_t stream);

}  // namespace framelane::cuda
