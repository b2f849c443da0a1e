#include "cuda/driver.hpp"

#include <cuda_runtime.h>

namespace framelane::cuda {

namespace {

void* findFunction(const char* name, int version) {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
#if CUDART_VERSION >= 12050
  const cudaError_t status = cudaGetDriverEntryPointByVersion(name, &function, version, cudaEnableDefault, &found);
#else
  static_cast<void>(version);
  const cudaError_t status = cudaGetDriverEntryPoint(name, &function, cudaEnableDefault, &found);
#endif
  if (status != cudaSuccess) cudaGetLastError();
  return status == cudaSuccess && found == cudaDriverEntryPointSuccess ? function : nullptr;
}

template <class Function>
void find(const char* name, Function*& function) {
  constexpr int kVersion = 12000;
  function = reinterpret_cast<Function*>(findFunction(name, kVersion));
  require(function != nullptr, "ERR_CUDA", std::string("the NVIDIA driver has no ") + name);
}

/// What drivers have from CUDA 12.4 on.
template <class Function>
void findLater(const char* name, Function*& function) {
  constexpr int kVersion = 12040;
  function = reinterpret_cast<Function*>(findFunction(name, kVersion));
}

}  // namespace

const Driver& Driver::get() {
  static const Driver driver = [] {
    Driver functions{};
    find("cuModuleLoadDataEx", functions.moduleLoadDataEx);
    find("cuModuleUnload", functions.moduleUnload);
    find("cuModuleGetFunction", functions.moduleGetFunction);
    find("cuModuleGetGlobal", functions.moduleGetGlobal);
    find("cuFuncGetAttribute", functions.funcGetAttribute);
    find("cuFuncSetAttribute", functions.funcSetAttribute);
    find("cuLaunchKernel", functions.launchKernel);
    find("cuOccupancyMaxActiveBlocksPerMultiprocessor", functions.occupancyMaxActiveBlocksPerMultiprocessor);
    find("cuOccupancyMaxPotentialBlockSize", functions.occupancyMaxPotentialBlockSize);
    findLater("cuFuncGetParamInfo", functions.funcGetParamInfo);
    findLater("cuFuncLoad", functions.funcLoad);
    findLater("cuModuleGetFunctionCount", functions.moduleGetFunctionCount);
    findLater("cuModuleEnumerateFunctions", functions.moduleEnumerateFunctions);
    findLater("cuFuncGetName", functions.funcGetName);
    return functions;
  }();
  return driver;
}

}  // namespace framelane::cuda
