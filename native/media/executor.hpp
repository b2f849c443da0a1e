#pragma once
// Runs the plans of a session's outputs, frame by frame, on the session's device.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/bound_plan.hpp"

namespace framelane::media {

class Executor {
 public:
  virtual ~Executor() = default;
  /// The frame that run() is about from here on. It stays in use until the events of its outputs.
  virtual void begin(std::span<const std::byte> frame) = 0;
  /// Computes output `index` into its slot. Returns the event to wait for before `destination` is read; null where it has
  /// been computed already.
  virtual Event* run(size_t index, int slot, std::span<std::byte> destination) = 0;
  /// Every output of the frame has been run.
  virtual void end() = 0;
};

using Plans = std::vector<std::shared_ptr<const BoundPlan>>;

/// The most any of the plans needs; they run one after the other.
inline size_t workspaceBytes(const Plans& plans) {
  size_t most = 0;
  for (const auto& plan : plans) most = std::max(most, plan->workspaceBytes());
  return most;
}

/// On a device that computes in host memory, at once.
class HostExecutor final : public Executor {
 public:
  HostExecutor(Device& device, const Plans& plans)
      : plans_(plans),
        queue_(device.backend->makeQueue()),
        workspace_(device.memory->take(MemoryKind::device, workspaceBytes(plans))) {}
  void begin(std::span<const std::byte> frame) override { frame_ = frame; }
  Event* run(size_t index, int, std::span<std::byte> destination) override {
    plans_[index]->run(*queue_, frame_.data(), destination.data(), workspace_.data());
    queue_->wait();
    return nullptr;
  }
  void end() override {}

 private:
  Plans plans_;
  std::unique_ptr<Queue> queue_;
  Block workspace_;
  std::span<const std::byte> frame_;
};

}  // namespace framelane::media
