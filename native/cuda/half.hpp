#pragma once
// No CUDA header here.
#include <cstddef>
#include <cstdint>

#include "core/backend.hpp"

namespace framelane::cuda {

/// Packed elements on the queue's device; enqueues.
void floatsOfHalves(Queue& queue, float* to, const uint16_t* from, size_t count);
void halvesOfFloats(Queue& queue, uint16_t* to, const float* from, size_t count);

}  // namespace framelane::cuda
