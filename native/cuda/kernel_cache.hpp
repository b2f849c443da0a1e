#pragma once
// Kernels of operations that the program defines, compiled and loaded once for a device. They stay as long as the process, as the
// definitions do, so a kernel that runs never loses its code.
#include <string>

#include "cuda/module.hpp"

namespace framelane::cuda {

struct CachedKernel {
  Module* module = nullptr;  // only enqueue() by several threads
  size_t place = 0;
};

/// ERR_COMPILE_FAILED with the operation's name, and the line in its source; ERR_INVALID_OP where there is no such kernel, or
/// with other parameters than (const float4*, float4*, int, int, Params of that many bytes).
CachedKernel cachedKernel(Device& device, const std::string& op, const std::string& source, const std::string& entry,
                          size_t parameterBytes);

}  // namespace framelane::cuda
