#pragma once
// What running plans on one queue needs: the plans in use, the memory between their passes and the earlier frames.
#include <span>

#include "core/plan_set.hpp"

namespace framelane {

class PlanRun {
 public:
  explicit PlanRun(Device& device) : device_(device) {}
  PlanRun(Device& device, std::shared_ptr<const BoundPlan> plan) : PlanRun(device) { use(std::move(plan)); }

  /// The plans as a set, with its memory. From one thread at a time, which need not be the one that runs.
  std::shared_ptr<const PlanSet> bind(Plans plans);
  /// The same for queues that work beside the immediate API's, with memory for the results of so many frames.
  std::shared_ptr<const PlanSet> bindAside(Plans plans, size_t frames = 0);

  /// Plans of so many launches and more are recorded and replayed. Only where their inputs and outputs lie in few places by turns,
  /// and sets are held until their work is done.
  void replayFrom(size_t launches) { replayFrom_ = launches; }

  /// What is run from now on.
  void use(std::shared_ptr<const PlanSet> set);
  /// One plan alone; costs nothing where it is that already.
  void use(std::shared_ptr<const BoundPlan> plan);
  const std::shared_ptr<const PlanSet>& current() const { return current_; }

  /// The frame that plans are run on is another one from here on: what they share is computed again, and they may refer to
  /// those before.
  void beginFrame(Queue& queue, const void* input) {
    startAnew();
    if (remembers()) current_->history->add(queue, input);
  }
  /// It is the one of the last beginFrame() once more, perhaps by other plans.
  void repeatFrame(Queue& queue, const void* input) {
    startAnew();
    if (remembers() && current_->history->empty()) current_->history->add(queue, input);
  }
  /// What comes next does not follow what was before.
  void forgetFrames() {
    if (history_) history_->clear();
  }
  /// Whether the frame is needed for those after it, even if no plan is run on it.
  bool remembers() const { return current_->history != nullptr; }
  /// Enqueues a plan of the set; one that passes frames through copies. Plans refer to the frames before by themselves; other
  /// inputs are given with `references`, for all that the plan refers to. For `marks` see BoundPlan. How many passes it took.
  size_t run(Queue& queue, size_t index, const void* input, void* output,
             std::span<const std::unique_ptr<Event>> marks = {}, std::span<const void* const> references = {});
  /// The first plan on a frame of its own.
  size_t run(Queue& queue, const void* input, void* output, std::span<const std::unique_ptr<Event>> marks = {}) {
    beginFrame(queue, input);
    return run(queue, 0, input, output, marks);
  }

  /// What operations have found out when the last run is done: the plan's resultBytes(), until its next run.
  const void* results(size_t index = 0) const { return current_->memoryOf(index).results; }

 private:
  void startAnew();
  std::shared_ptr<PlanSet> makeSet(Plans plans);
  ResultMemory takeResults(const BoundPlan& plan, size_t frames) const;
  std::span<const void* const> referencesOf(const BoundPlan& plan);

  Device& device_;
  size_t replayFrom_ = Sharing::kNobody;
  // Of the last set, for the next one if they are large enough.
  std::shared_ptr<const Block> workspace_;
  std::shared_ptr<History> history_;
  // Of the thread that runs.
  std::shared_ptr<const PlanSet> current_;
  std::vector<bool> begun_;           // groups that share: whether their passes are run
  std::vector<const void*> outputs_;  // plans: where the output of this frame is
  size_t last_ = Sharing::kNobody;    // the plan that was run last on this frame
  std::vector<const void*> references_;
};

}  // namespace framelane
