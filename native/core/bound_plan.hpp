#pragma once
// A plan with the values of its operations: programs and prepared stages. Binding folds matrices and looks stages up; running
// only places addresses and enqueues.
#include <functional>
#include <span>
#include <variant>

#include "core/device.hpp"
#include "core/plan.hpp"

namespace framelane {

/// ERR_DEVICE_MISMATCH where an image that an op brings is elsewhere.
void requireOperandOn(const Device& device, const Op& op, const ImageBuffer& operand);

/// What to compile: see Structure for the fields.
struct PlanRequest {
  std::shared_ptr<Device> device;
  FrameShape input;
  PixelFormat outputFormat;
  Color outputColor;
  Graph graph;
  bool planar = true;
  bool opaque = false;
  bool fold = true;
  std::optional<Element> second = std::nullopt;
};

class BoundPlan {
 public:
  /// From the device's plans and stages, or compiled and prepared. ERR_DEVICE_MISMATCH where an op's image is elsewhere.
  explicit BoundPlan(const PlanRequest& request);

  const Plan& plan() const { return *plan_; }
  const FrameShape& input() const { return plan_->input(); }
  const FrameShape& output() const { return plan_->output(); }
  bool passthrough() const { return plan_->passthrough(); }
  bool opaque() const { return plan_->opaque(); }
  bool inPlace() const { return plan_->inPlace(); }
  size_t passCount() const { return passes_.size(); }
  std::vector<std::string> describe() const { return plan_->describe(); }
  size_t workspaceBytes() const { return plan_->frameBytes() + plan_->resultBytes() + scratchBytes_; }
  /// What operations find out; 0 where none does.
  size_t resultBytes() const { return plan_->resultBytes(); }
  /// In the memory of a run, which a queue then holds resultBytes() of.
  const void* resultsIn(const void* workspace) const { return static_cast<const std::byte*>(workspace) + plan_->frameBytes(); }
  /// What they found out, downloaded, in the order of the operations: `each` writes one.
  void readResults(const void* results, const std::function<void(const Op&, const void*)>& each) const;
  /// Enqueues every pass. `input` and the outputs are tightly packed frames in device memory and must not overlap, but for what
  /// Plan::inPlace allows;
  /// `workspace` has workspaceBytes(). A plan may run on several queues at once, each with its own workspace.
  /// The events of `marks`, where there are any, are recorded before the first pass and after each.
  void run(Queue& queue, const void* input, void* output, void* workspace,
           std::span<const std::unique_ptr<Event>> marks = {}, void* second = nullptr) const;

 private:
  using Stages = std::vector<std::shared_ptr<const AreaStage>>;  // one a plane
  using Bound = std::variant<PointProgram, Stages>;

  std::shared_ptr<const Plan> plan_;
  Ops ops_;  // keeps operands alive
  std::vector<Bound> passes_;
  size_t scratchBytes_ = 0;
};

}  // namespace framelane
