#pragma once
// Memory by its address, and copies between any two places. No CUDA header here.
#include <cstddef>
#include <cstdint>

#include "core/backend.hpp"
#include "core/strides.hpp"

namespace framelane::cuda {

/// The number of the device that memory belongs to. ERR_INVALID_ARGUMENT where CUDA does not know all of it, or it is memory of
/// the host.
int deviceOfAddress(const void* data, size_t bytes);
/// Rows of `width` bytes from anywhere to anywhere, host memory and other devices included; enqueues on the queue's device.
void copyRows(Queue& queue, void* to, size_t toPitch, const void* from, size_t fromPitch, size_t width, size_t rows);
/// Element by element, both on the queue's device.
void copyElements(Queue& queue, void* to, const void* from, const StridedCopy& copy);
/// What is enqueued on the queue from now on runs after what is on that stream now: 1 the legacy default stream, 2 that of the
/// thread, else a handle.
void waitForStream(Queue& queue, uint64_t stream);

}  // namespace framelane::cuda
