#pragma once
// The life of plans: which of them hold now, and the memory between their passes. Whoever runs plans on a queue of its own does
// it through one of these.
#include <memory>
#include <span>
#include <vector>

#include "core/bound_plan.hpp"

namespace framelane {

using Plans = std::vector<std::shared_ptr<const BoundPlan>>;

/// Memory for what a plan finds out about each of the frames that are under way.
struct ResultMemory {
  size_t bytes = 0;  // of one frame
  Block device;      // none where the device computes in host memory
  Block host;
  std::byte* deviceAt(size_t slot) const { return static_cast<std::byte*>(device.data()) + slot * bytes; }
  std::byte* hostAt(size_t slot) const { return static_cast<std::byte*>(host.data()) + slot * bytes; }
};

/// What one frame is computed by: a plan for each of its results. Immutable; who has work under way on a device holds it until
/// that is done, for with it go the tables, pictures and memory that the work uses.
struct PlanSet {
  Plans plans;
  std::shared_ptr<const Block> workspace;  // for each of them in turn; none where none needs any
  /// From when the work of the immediate API that they depend on is done. A queue waits for it before the first of the plans;
  /// none where nothing is to be waited for.
  std::unique_ptr<Event> ready;
  std::vector<ResultMemory> results = {};  // for each of the plans, where that is asked for

  bool computes(size_t index) const { return !plans[index]->passthrough(); }
};

class PlanRun {
 public:
  explicit PlanRun(Device& device) : device_(device) {}
  PlanRun(Device& device, std::shared_ptr<const BoundPlan> plan) : PlanRun(device) { use(std::move(plan)); }

  /// The plans as a set, with its memory. From one thread at a time, which need not be the one that runs.
  std::shared_ptr<const PlanSet> bind(Plans plans);
  /// The same for queues that work beside the immediate API's, with memory for the results of so many frames.
  std::shared_ptr<const PlanSet> bindAside(Plans plans, size_t frames = 0);

  /// What is run from now on.
  void use(std::shared_ptr<const PlanSet> set) { current_ = std::move(set); }
  /// One plan alone; costs nothing where it is that already.
  void use(std::shared_ptr<const BoundPlan> plan);
  const std::shared_ptr<const PlanSet>& current() const { return current_; }

  /// Enqueues a plan of the set; one that passes frames through copies. For `marks` see BoundPlan.
  void run(Queue& queue, size_t index, const void* input, void* output,
           std::span<const std::unique_ptr<Event>> marks = {}) const;
  void run(Queue& queue, const void* input, void* output, std::span<const std::unique_ptr<Event>> marks = {}) const {
    run(queue, 0, input, output, marks);
  }
  /// What operations have found out when the last run is done: the plan's resultBytes(), until its next run.
  const void* results(size_t index = 0) const {
    return current_->plans[index]->resultsIn(current_->workspace ? current_->workspace->data() : nullptr);
  }

 private:
  std::shared_ptr<PlanSet> makeSet(Plans plans);
  ResultMemory takeResults(const BoundPlan& plan, size_t frames) const;
  Device& device_;
  std::shared_ptr<const Block> workspace_;  // of the last set, for the next one if it is large enough
  std::shared_ptr<const PlanSet> current_;
};

}  // namespace framelane
