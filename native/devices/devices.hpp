#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/device.hpp"

namespace framelane {

struct DeviceList {
  std::vector<DeviceInfo> devices;  // the CPU first
  std::string cudaReason;           // why there is no CUDA device
};

DeviceList listDevices();

/// The device of that id ("cpu", "cuda:0"), made once per process. ERR_DEVICE_UNAVAILABLE says why there is none.
std::shared_ptr<Device> openDevice(const std::string& id);

}  // namespace framelane
