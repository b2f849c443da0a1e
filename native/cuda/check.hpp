#pragma once
// CUDA's error codes become framelane::Error, with the call and the place in the text.
#include <cuda_runtime_api.h>

#include <source_location>
#include <string>

#include "core/error.hpp"

namespace framelane::cuda {

inline void check(cudaError_t status, const char* what, std::source_location at = std::source_location::current()) {
  if (status == cudaSuccess) return;
  const std::string path = at.file_name();
  const std::string place = path.substr(path.find_last_of('/') + 1) + ':' + std::to_string(at.line());
  fail(status == cudaErrorMemoryAllocation ? "ERR_OUT_OF_MEMORY" : "ERR_CUDA",
       std::string(what) + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ", " + place + ")");
}

}  // namespace framelane::cuda
