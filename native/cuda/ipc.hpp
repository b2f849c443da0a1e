#pragma once
// Memory of a device in two processes. No CUDA header here.
#include <array>
#include <memory>
#include <string>

#include "core/backend.hpp"

namespace framelane::cuda {

using IpcBytes = std::array<unsigned char, 64>;

/// What names an allocation in another process, and where an address is in it: pools hand out parts of allocations.
struct IpcMemory {
  IpcBytes handle{};
  size_t offset = 0;
};

IpcMemory exportMemory(Backend& backend, const void* data);
/// The start of another process's allocation on this device; unmapped with the last copy of the pointer.
std::shared_ptr<void> importMemory(const std::shared_ptr<Backend>& backend, const IpcBytes& handle);
/// The device's UUID in hexadecimal: its number differs between processes.
std::string deviceUuid(Backend& backend);

}  // namespace framelane::cuda
