#include "core/plan_run.hpp"

#include <algorithm>

namespace framelane {

std::shared_ptr<PlanSet> PlanRun::makeSet(Plans plans) {
  size_t most = 0;
  for (const auto& plan : plans) most = std::max(most, plan->workspaceBytes());
  // One is enough for sets that follow each other: work on a queue is in order.
  if (most > 0 && (!workspace_ || workspace_->bytes() < most))
    workspace_ = std::make_shared<const Block>(device_.memory->take(MemoryKind::device, most));
  return std::make_shared<PlanSet>(PlanSet{std::move(plans), most > 0 ? workspace_ : nullptr, nullptr});
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
  const std::scoped_lock lock(device_.immediateMutex);
  device_.immediate->record(*set->ready);
  return set;
}

void PlanRun::use(std::shared_ptr<const BoundPlan> plan) {
  if (!current_ || current_->plans.size() != 1 || current_->plans.front() != plan) use(bind({std::move(plan)}));
}

void PlanRun::run(Queue& queue, size_t index, const void* input, void* output,
                  std::span<const std::unique_ptr<Event>> marks) const {
  const BoundPlan& plan = *current_->plans[index];
  void* const workspace = current_->workspace ? current_->workspace->data() : nullptr;
  if (plan.passthrough()) queue.copy(output, input, frameBytes(plan.output()));
  plan.run(queue, input, output, workspace, marks);
}

}  // namespace framelane
