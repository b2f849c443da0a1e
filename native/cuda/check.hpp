#pragma once
// CUDA's error codes become framelane::Error, with the call and the place in the text.
#include <cuda_runtime_api.h>

#include <source_location>
#include <string>

#include "core/error.hpp"

namespace framelane::cuda {

/// Errors that a CUDA context does not recover from: every later call returns the same.
inline bool isFatal(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
#if CUDART_VERSION >= 13000
    case cudaErrorContained:
#endif
    case cudaErrorContextIsDestroyed:
    case cudaErrorExternalDevice: return true;
    default: return false;
  }
}

inline void check(cudaError_t status, const char* what, std::source_location at = std::source_location::current()) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // or the next kernel would be taken for the one that failed
  const std::string path = at.file_name();
  const std::string place = path.substr(path.find_last_of('/') + 1) + ':' + std::to_string(at.line());
  const std::string text =
      std::string(what) + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ", " + place + ")";
  if (isFatal(status)) throw DeviceLost(text + "; the device cannot be used again in this process");
  fail(status == cudaErrorMemoryAllocation ? "ERR_OUT_OF_MEMORY" : "ERR_CUDA", text);
}

}  // namespace framelane::cuda
