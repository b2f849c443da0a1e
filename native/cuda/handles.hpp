#pragma once
// Owners of CUDA resources. A destructor cannot report: a failure there resurfaces in the
// next checked call.
#include <cuda_runtime_api.h>

#include "cuda/check.hpp"

namespace framelane::cuda {

/// A stream that does not wait for the default stream.
class Stream {
 public:
  /// 0 is the usual priority, lower numbers come first.
  explicit Stream(int priority) {
    check(cudaStreamCreateWithPriority(&stream_, cudaStreamNonBlocking, priority), "create a stream");
  }
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

/// Kernels and copies that are launched as one.
class Graph {
 public:
  explicit Graph(cudaGraph_t recorded) {
    const cudaError_t status = cudaGraphInstantiate(&graph_, recorded, 0);
    cudaGraphDestroy(recorded);
    check(status, "prepare a graph");
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() { cudaGraphExecDestroy(graph_); }
  operator cudaGraphExec_t() const { return graph_; }

 private:
  cudaGraphExec_t graph_ = nullptr;
};

}  // namespace framelane::cuda
