#include "core/plan_cache.hpp"

#include "core/plan.hpp"

namespace framelane {

std::shared_ptr<const Plan> PlanCache::get(const Structure& structure) {
  {
    const std::scoped_lock lock(mutex_);
    if (auto known = find(structure)) return known;
  }
  auto plan = Plan::compile(structure);
  const std::scoped_lock lock(mutex_);
  if (auto known = find(structure)) return known;  // another thread was faster
  plans_.push_front(plan);
  places_.emplace(&plan->structure(), plans_.begin());
  if (plans_.size() > kMostPlans) {
    places_.erase(&plans_.back()->structure());
    plans_.pop_back();
  }
  return plan;
}

std::shared_ptr<const Plan> PlanCache::find(const Structure& structure) {
  const auto found = places_.find(&structure);
  if (found == places_.end()) return nullptr;
  plans_.splice(plans_.begin(), plans_, found->second);
  return plans_.front();
}

CacheCount PlanCache::count() const {
  const std::scoped_lock lock(mutex_);
  size_t bytes = 0;
  for (const auto& plan : plans_) bytes += plan->bytes();
  return {plans_.size(), bytes};
}

void PlanCache::clear() {
  const std::scoped_lock lock(mutex_);
  places_.clear();
  plans_.clear();
}

}  // namespace framelane
