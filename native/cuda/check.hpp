#pragma once
// CUDA's error codes become framelane::Error, with the call and the place in the text.
#include <cuda_runtime_api.h>

#include <source_location>
#include <string>

#include "core/error.hpp"

namespace framelane::cuda {

/// Whether every later call on the device fails with the same error: its context is broken, and a process gets no other one.
inline bool isFatal(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorContextIsDestroyed: return true;
    default: return false;
  }
}

inline void check(cudaError_t status, const char* what, std::source_location at = std::source_location::current()) {
  if (status == cudaSuccess) return;
  const std::string path = at.file_name();
  const std::string place = path.substr(path.find_last_of('/') + 1) + ':' + std::to_string(at.line());
  const std::string message =
      std::string(what) + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ", " + place + ")";
  if (isFatal(status)) fail("ERR_DEVICE_LOST", message + "; the device cannot be used again in this process");
  fail(status == cudaErrorMemoryAllocation ? "ERR_OUT_OF_MEMORY" : "ERR_CUDA", message);
}

}  // namespace framelane::cuda
