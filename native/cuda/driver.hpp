#pragma once
// The driver's own interface, for what the runtime has not had in all versions. It is asked for by name, so the addon is not linked
// with libcuda and loads where there is none.
#include <cuda.h>

#include "cuda/check.hpp"

namespace framelane::cuda {

struct Driver {
  decltype(&::cuModuleLoadDataEx) moduleLoadDataEx;
  decltype(&::cuModuleUnload) moduleUnload;
  decltype(&::cuModuleGetFunction) moduleGetFunction;
  decltype(&::cuModuleGetGlobal) moduleGetGlobal;
  decltype(&::cuFuncGetAttribute) funcGetAttribute;
  decltype(&::cuFuncSetAttribute) funcSetAttribute;
  decltype(&::cuLaunchKernel) launchKernel;
  decltype(&::cuOccupancyMaxActiveBlocksPerMultiprocessor) occupancyMaxActiveBlocksPerMultiprocessor;
  decltype(&::cuOccupancyMaxPotentialBlockSize) occupancyMaxPotentialBlockSize;
  // Null before CUDA 12.4.
  CUresult (*funcGetParamInfo)(CUfunction, size_t index, size_t* offset, size_t* bytes);

  CUresult (*funcLoad)(CUfunction);
  CUresult (*moduleGetFunctionCount)(unsigned* count, CUmodule);
  CUresult (*moduleEnumerateFunctions)(CUfunction*, unsigned count, CUmodule);
  CUresult (*funcGetName)(const char**, CUfunction);

  static const Driver& get();
};

/// The codes of the driver are those of the runtime.
inline void check(CUresult status, const char* what, std::source_location at = std::source_location::current()) {
  check(static_cast<cudaError_t>(status), what, at);
}

}  // namespace framelane::cuda
