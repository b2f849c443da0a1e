#include "core/plan_run.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace framelane {

std::shared_ptr<PlanSet> PlanRun::makeSet(Plans plans) {
  auto set = std::make_shared<PlanSet>(std::move(plans));
  const size_t bytes = set->memory.bytes();
  // One is enough for sets that follow each other: work on a queue is in order.
  if (bytes > 0 && (!workspace_ || workspace_->bytes() < bytes))
    workspace_ = std::make_shared<const Block>(device_.memory->take(MemoryKind::device, bytes));
  if (bytes > 0) set->workspace = workspace_;
  int previous = 0;
  for (const auto& plan : set->plans) previous = std::max(previous, plan->previousFrames());
  if (previous > 0 && (!history_ || history_->previous() < previous))
    history_ = std::make_shared<History>(device_, set->plans.front()->input(), previous);
  if (previous > 0) set->history = history_;
  return set;
}

std::shared_ptr<const PlanSet> PlanRun::bind(Plans plans) { return makeSet(std::move(plans)); }

ResultMemory PlanRun::takeResults(const BoundPlan& plan, size_t frames) const {
  ResultMemory memory{plan.resultBytes(), {}, {}};
  const size_t bytes = memory.bytes * frames;
  if (bytes == 0) return memory;
  memory.host = device_.memory->take(MemoryKind::host, bytes);
  if (!device_.backend->unified()) memory.device = device_.memory->take(MemoryKind::device, bytes);
  return memory;
}

std::shared_ptr<const PlanSet> PlanRun::bindAside(Plans plans, size_t frames) {
  auto set = makeSet(std::move(plans));
  for (const auto& plan : set->plans) set->results.push_back(takeResults(*plan, frames));
  if (device_.backend->unified()) return set;
  set->ready = device_.backend->makeEvent();
  // Tables and pictures are uploaded by the immediate API's queue, and pooled memory may still be in use there.
  const std::scoped_lock lock(device_.immediate->mutex());
  device_.immediate->queue().record(*set->ready);
  return set;
}

void PlanRun::use(std::shared_ptr<const PlanSet> set) {
  if (set == current_) return;
  // The frames of the other set are in it only where that added them.
  if (set->history && (!current_ || current_->history != set->history)) set->history->clear();
  current_ = std::move(set);
  begun_.assign(current_->plans.size(), false);
  outputs_.assign(current_->plans.size(), nullptr);
}

void PlanRun::use(std::shared_ptr<const BoundPlan> plan) {
  if (!current_ || current_->plans.size() != 1 || current_->plans.front() != plan) use(bind({std::move(plan)}));
}

void PlanRun::startAnew() {
  std::fill(begun_.begin(), begun_.end(), false);
  std::fill(outputs_.begin(), outputs_.end(), nullptr);
  last_ = Sharing::kNobody;
}

std::span<const void* const> PlanRun::referencesOf(const BoundPlan& plan) {
  references_.clear();
  for (const FrameReference& reference : plan.references()) {
    require(reference.input.empty(), "ERR_INVALID_ARGUMENT",
            "plan: expected one with a single input, received one that also needs " + reference.input);
    references_.push_back(current_->history->before(reference.previous));
  }
  return references_;
}

size_t PlanRun::run(Queue& queue, size_t index, const void* input, void* output,
                    std::span<const std::unique_ptr<Event>> marks, std::span<const void* const> references) {
  const BoundPlan& plan = *current_->plans[index];
  const auto& [group, shared, twin] = current_->sharing[index];
  const size_t last = std::exchange(last_, index);
  outputs_[index] = output;
  if (plan.passthrough()) {
    queue.copy(output, input, frameBytes(plan.output()));
    return 0;
  }
  // Its results are there as long as no other plan has been run.
  if (twin != Sharing::kNobody && outputs_[twin] != nullptr && (plan.resultBytes() == 0 || last == twin)) {
    queue.copy(output, outputs_[twin], frameBytes(plan.output()));
    return 0;
  }
  PlanMemory memory = current_->memoryOf(index);
  memory.input = input;
  memory.output = output;
  memory.references = references.empty() ? referencesOf(plan) : references;
  const size_t first = shared > 0 && begun_[group] ? shared : 0;
  if (shared > 0) begun_[group] = true;
  const auto enqueue = [&] { plan.run(queue, memory, first, plan.passCount(), marks); };
  if (plan.launchCount() >= replayFrom_ && shared == 0 && plan.references().empty() && marks.empty())
    current_->replays[index].run(queue, input, output, enqueue);
  else
    enqueue();
  return plan.passCount() - first;
}

}  // namespace framelane
