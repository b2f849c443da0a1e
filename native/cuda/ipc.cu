#include "cuda/ipc.hpp"

#include <cuda.h>
#include <cuda_runtime.h>

#include <cstring>

#include "cuda/check.hpp"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

/// The start of the allocation that holds the address. Only the driver knows it, and the addon does not link with that.
CUdeviceptr allocationOf(const void* data) {
  using GetAddressRange = CUresult (*)(CUdeviceptr*, size_t*, CUdeviceptr);
  void* found = nullptr;
  cudaDriverEntryPointQueryResult result{};
  check(cudaGetDriverEntryPointByVersion("cuMemGetAddressRange", &found, 12000, cudaEnableDefault, &result),
        "find the driver's cuMemGetAddressRange");
  require(found != nullptr, "ERR_CUDA", "cuMemGetAddressRange: the driver does not have it");
  CUdeviceptr base = 0;
  const CUresult status = reinterpret_cast<GetAddressRange>(found)(&base, nullptr, reinterpret_cast<CUdeviceptr>(data));
  require(status == CUDA_SUCCESS, "ERR_CUDA", "cuMemGetAddressRange: failed with " + std::to_string(status));
  return base;
}

}  // namespace

IpcMemory exportMemory(Backend& backend, const void* data) {
  makeCurrent(backend);
  const CUdeviceptr base = allocationOf(data);
  cudaIpcMemHandle_t handle{};
  check(cudaIpcGetMemHandle(&handle, reinterpret_cast<void*>(base)), "export memory to other processes");
  static_assert(sizeof handle.reserved == sizeof(IpcBytes));
  IpcMemory result;
  std::memcpy(result.handle.data(), handle.reserved, result.handle.size());
  result.offset = reinterpret_cast<CUdeviceptr>(data) - base;
  return result;
}

std::shared_ptr<void> importMemory(const std::shared_ptr<Backend>& backend, const IpcBytes& bytes) {
  makeCurrent(*backend);
  cudaIpcMemHandle_t handle{};
  std::memcpy(handle.reserved, bytes.data(), bytes.size());
  void* data = nullptr;
  check(cudaIpcOpenMemHandle(&data, handle, cudaIpcMemLazyEnablePeerAccess), "open another process's memory");
  return {data, [backend](void* mapped) {
            cudaSetDevice(ordinalOf(*backend));
            cudaIpcCloseMemHandle(mapped);
          }};
}

std::string deviceUuid(Backend& backend) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, ordinalOf(backend)), "ask for the device's properties");
  std::string text;
  for (const char byte : properties.uuid.bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

}  // namespace framelane::cuda
