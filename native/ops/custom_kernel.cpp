#include "ops/custom_kernel.hpp"

#include "core/device.hpp"

namespace framelane::cpu {

std::unique_ptr<AreaStage> prepare(const CustomKernel& op, Device& device, const AreaShape&) {
  fail("ERR_DEVICE_UNAVAILABLE", op.name +
                                     " is a CUDA kernel without a text for the CPU: expected a CUDA device, received " +
                                     device.backend->info().id);
}

}  // namespace framelane::cpu
