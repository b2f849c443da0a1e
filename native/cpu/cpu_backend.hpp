#pragma once
#include "core/backend.hpp"
#include "cpu/kernels.hpp"

namespace framelane::cpu {

class CpuBackend : public Backend {
 public:
  CpuBackend();
  const DeviceInfo& info() const override { return info_; }
  std::unique_ptr<Queue> makeQueue(Priority priority) override;
  std::unique_ptr<Queue> wrapQueue(uint64_t handle) override;
  std::unique_ptr<Event> makeEvent() override;
  std::unique_ptr<Event> makeTimedEvent() override { return makeEvent(); }
  void* allocateDevice(size_t bytes) override;
  void releaseDevice(void* data) noexcept override;
  void* allocateHost(size_t bytes) override { return allocateDevice(bytes); }
  void releaseHost(void* data) noexcept override { releaseDevice(data); }
  bool isPinned(const void*, size_t) override { return true; }
  bool unified() const override { return true; }
  const Kernels& kernels() const { return kernels_; }

 private:
  const Kernels& kernels_;
  DeviceInfo info_;
};

/// The kernels an area op prepared for this backend runs; the registry calls cpu::prepare for CPU
/// devices only.
inline const Kernels& kernelsOf(const Backend& backend) { return static_cast<const CpuBackend&>(backend).kernels(); }

}  // namespace framelane::cpu
