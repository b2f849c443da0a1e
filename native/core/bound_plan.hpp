#pragma once
// A plan with the values of its operations: programs and prepared stages. Binding folds matrices and looks stages up; running
// only places addresses and enqueues.
#include <functional>
#include <span>
#include <variant>

#include "core/code_table.hpp"
#include "core/device.hpp"
#include "core/plan.hpp"

namespace framelane {

/// ERR_DEVICE_MISMATCH where an image that an op brings is elsewhere.
void requireOperandOn(const Device& device, const Op& op, const ImageBuffer& operand);

/// What to compile: see Structure for the fields.
struct NamedInput {
  std::string name;
  FrameShape shape;
};

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
  std::vector<NamedInput> inputs = {};  // beside `input`
};

/// Where a plan's frames lie while it runs, in device memory.
struct PlanMemory {
  const void* input = nullptr;
  void* output = nullptr;
  void* second = nullptr;
  /// What the plan refers to, in its order. None: all of them are the input.
  std::span<const void* const> references = {};
  std::byte* frames = nullptr;  // Plan::frameBytes()
  /// The same for the first passes, whose frames another plan reads, too.
  std::byte* prefix = nullptr;
  size_t prefixPasses = 0;
  std::byte* results = nullptr;  // Plan::resultBytes()
  std::byte* scratch = nullptr;  // scratchBytes()
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
  /// What a run enqueues: a fused pass is one piece of work, others are one a plane.
  size_t launchCount() const;
  std::vector<std::string> describe() const { return plan_->describe(); }
  size_t scratchBytes() const { return scratchBytes_; }
  /// For all that PlanMemory has beside the plan's input and outputs.
  size_t workspaceBytes() const { return plan_->frameBytes() + plan_->resultBytes() + scratchBytes_; }
  /// 0 where no operation has a result.
  size_t resultBytes() const { return plan_->resultBytes(); }
  /// Calls `each` with every operation that has a result, and its downloaded result, in order.
  void readResults(const void* results, const std::function<void(const Op&, const void*)>& each) const;
  /// What it gets beside its input, in the order of PlanMemory::references.
  const std::vector<FrameReference>& references() const { return references_; }
  /// How many of the input's frames before it refers to.
  int previousFrames() const;
  /// Before run() on that stream: what it reads beside its frames comes before it, and is not changed until then.
  void useOn(const std::shared_ptr<Stream>& stream) const;
  /// How many passes are the same from the first on: of equal inputs they make equal frames in equal places.
  size_t samePasses(const BoundPlan& other) const;
  /// Passes before the one that writes the output.
  size_t innerPasses() const;
  /// Enqueues the passes from `first` to before `last`.
  void run(Queue& queue, const PlanMemory& memory, size_t first, size_t last,
           std::span<const std::unique_ptr<Event>> marks = {}) const;
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
  CodeTables codes_;
  std::vector<FrameReference> references_;
  std::vector<Bound> passes_;
  size_t scratchBytes_ = 0;
};

}  // namespace framelane
