#pragma once
// Runs the plans of a session's outputs, frame by frame, on the session's device.
#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

#include "core/plan_run.hpp"
#include "media/result_queue.hpp"

namespace framelane::media {

/// One thread binds plans, another runs them: what it runs has been handed over to it.
class Executor {
 public:
  virtual ~Executor() = default;
  /// A plan for each output, with what it takes to run them.
  virtual std::shared_ptr<const PlanSet> bind(Plans plans) = 0;

  /// The frame that run() is about from here on, and what it is run by. It stays in use until the events of its outputs.
  virtual void begin(std::span<const std::byte> frame, std::shared_ptr<const PlanSet> set) = 0;
  /// Computes output `index` into its slot. Returns the event to wait for before `destination` is read; null where it has
  /// been computed already.
  virtual Event* run(size_t index, int slot, std::span<std::byte> destination) = 0;
  /// What operations have found out about the output in that slot, there with the frame.
  virtual FoundResults found(size_t index, int slot) const = 0;
  /// Every output of the frame has been run.
  virtual void end() = 0;
  /// How many passes have been run up to now. From any thread.
  uint64_t passes() const { return passes_.load(std::memory_order_relaxed); }

 protected:
  std::atomic<uint64_t> passes_{0};

  static FoundResults foundIn(const std::shared_ptr<const PlanSet>& set, size_t index, int slot) {
    const ResultMemory& memory = set->results[index];
    if (memory.bytes == 0) return {};
    return {set, index, {memory.hostAt(static_cast<size_t>(slot)), memory.bytes}};
  }
};

/// On a device that computes in host memory, at once.
class HostExecutor final : public Executor {
 public:
  /// Of each output there are so many frames under way.
  HostExecutor(Device& device, int slots)
      : slots_(static_cast<size_t>(slots)), run_(device), queue_(device.backend->makeQueue()) {}
  std::shared_ptr<const PlanSet> bind(Plans plans) override { return run_.bindAside(std::move(plans), slots_); }
  void begin(std::span<const std::byte> frame, std::shared_ptr<const PlanSet> set) override {
    frame_ = frame;
    run_.use(std::move(set));
    run_.beginFrame(*queue_, frame_.data());
  }
  Event* run(size_t index, int slot, std::span<std::byte> destination) override {
    passes_ += run_.run(*queue_, index, frame_.data(), destination.data());
    const ResultMemory& results = run_.current()->results[index];
    if (results.bytes > 0) queue_->copy(results.hostAt(static_cast<size_t>(slot)), run_.results(index), results.bytes);
    queue_->wait();
    return nullptr;
  }
  FoundResults found(size_t index, int slot) const override { return foundIn(run_.current(), index, slot); }
  void end() override {}

 private:
  size_t slots_;
  PlanRun run_;
  std::unique_ptr<Queue> queue_;
  std::span<const std::byte> frame_;
};

}  // namespace framelane::media
