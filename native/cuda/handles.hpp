#pragma once
// Owners of CUDA resources. A destructor has nobody to report to: a failure there resurfaces in the
// next checked call.
#include <cuda_runtime_api.h>

#include <cstddef>
#include <utility>

#include "cuda/check.hpp"

namespace framelane::cuda {

/// A stream that does not wait for the default stream.
class Stream {
 public:
  Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "create a stream"); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { cudaStreamDestroy(stream_); }
  operator cudaStream_t() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

/// An event, as a rule without a time stamp, which is what makes recording it cheap.
class Event {
 public:
  explicit Event(unsigned flags = cudaEventDisableTiming) {
    check(cudaEventCreateWithFlags(&event_, flags), "create an event");
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }
  operator cudaEvent_t() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

/// A small constant table on the current device, for stages to own.
class DeviceTable {
 public:
  DeviceTable() = default;
  DeviceTable(const void* content, size_t bytes) {
    check(cudaMalloc(&data_, bytes), "allocate a table");
    cudaError_t copied = cudaMemcpy(data_, content, bytes, cudaMemcpyHostToDevice);
    // A copy from pageable memory may return before it has landed, and our streams do not wait for
    // the default stream.
    if (copied == cudaSuccess) copied = cudaStreamSynchronize(nullptr);
    if (copied != cudaSuccess) cudaFree(std::exchange(data_, nullptr));
    check(copied, "upload a table");
  }
  DeviceTable(DeviceTable&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  DeviceTable& operator=(DeviceTable&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  ~DeviceTable() { cudaFree(data_); }
  template <class T>
  const T* as() const {
    return static_cast<const T*>(data_);
  }

 private:
  void* data_ = nullptr;
};

}  // namespace framelane::cuda
