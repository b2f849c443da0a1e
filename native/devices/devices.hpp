#pragma once
#include <string>
#include <vector>

#include "core/backend.hpp"

namespace framelane {

struct DeviceList {
  std::vector<DeviceInfo> devices;  // the CPU first
  std::string cudaReason;           // why there is no CUDA device
};

DeviceList listDevices();

}  // namespace framelane
