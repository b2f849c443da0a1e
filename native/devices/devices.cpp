// The only place that knows every backend.
#include "devices/devices.hpp"

#include <map>

#include "core/error.hpp"
#include "cpu/cpu.hpp"
#include "cuda/cuda.hpp"

namespace framelane {

namespace {

std::shared_ptr<Backend> makeBackend(const std::string& id) {
  if (id == "cpu") return cpu::makeBackend();
  if (id.starts_with("cuda:") && id.size() > 5 && id.size() < 9 &&
      id.find_first_not_of("0123456789", 5) == std::string::npos)
    return cuda::makeBackend(std::stoi(id.substr(5)));
  fail("ERR_INVALID_ARGUMENT", "device: expected cpu or cuda:n, received \"" + id + "\"");
}

}  // namespace

DeviceList listDevices() {
  DeviceList list;
  list.devices.push_back(openDevice("cpu")->backend->info());
  const cuda::Status cuda = cuda::status();
  list.devices.insert(list.devices.end(), cuda.devices.begin(), cuda.devices.end());
  list.cudaReason = cuda.reason;
  return list;
}

std::shared_ptr<Device> openDevice(const std::string& id) {
  // Devices live as long as the process: tearing CUDA down from a static destructor is undefined, so the map is leaked.
  static std::mutex& mutex = *new std::mutex;
  static auto& devices = *new std::map<std::string, std::shared_ptr<Device>>;
  const std::scoped_lock lock(mutex);
  if (const auto found = devices.find(id); found != devices.end()) return found->second;
  auto device = std::make_shared<Device>();
  device->backend = makeBackend(id);
  device->memory = std::make_shared<MemoryPool>(device->backend);
  device->immediate = std::make_shared<Stream>(*device->backend);
  device->tables.open(*device->backend);
  devices.emplace(id, device);
  return device;
}

}  // namespace framelane
