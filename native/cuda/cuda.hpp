#pragma once
// The door to the CUDA backend. No CUDA header here, so files outside cuda/ can include it in every
// build.
#include <memory>
#include <string>
#include <vector>

#include "core/backend.hpp"

namespace framelane::cuda {

struct Status {
  std::vector<DeviceInfo> devices;
  std::string reason;  // why there is none: not built in, no driver, driver too old, no device
};

Status status();
/// ERR_DEVICE_UNAVAILABLE with the reason when the device does not exist.
std::shared_ptr<Backend> makeBackend(int ordinal);

}  // namespace framelane::cuda
