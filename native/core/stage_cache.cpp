#include "core/stage_cache.hpp"

#include <iterator>

#include "core/device.hpp"

namespace framelane {

std::shared_ptr<const AreaStage> StageCache::get(const std::shared_ptr<const Op>& op, Device& device,
                                                 const AreaShape& shape) {
  {
    const std::scoped_lock lock(mutex_);
    if (auto known = find(*op, shape)) return known;
  }
  std::shared_ptr<const AreaStage> stage = op->prepare(device, shape);
  Entries leaving;  // destroyed when the lock is gone: freeing memory may wait for the device
  const std::scoped_lock lock(mutex_);
  if (auto known = find(*op, shape)) return known;  // another thread was faster
  entries_.push_front({op, shape, stage});
  bytes_ += stage->coefficientBytes();
  shrink(leaving);
  return stage;
}

std::shared_ptr<const AreaStage> StageCache::find(const Op& op, const AreaShape& shape) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
    if (entry->op->name() == op.name() && entry->shape == shape && entry->op->sameAs(op)) {
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->stage;
    }
  return nullptr;
}

void StageCache::shrink(Entries& leaving) {
  while (entries_.size() > kMostStages || (bytes_ > kMostBytes && entries_.size() > 1)) {
    bytes_ -= entries_.back().stage->coefficientBytes();
    leaving.splice(leaving.begin(), entries_, std::prev(entries_.end()));
  }
}

CacheCount StageCache::count() const {
  const std::scoped_lock lock(mutex_);
  return {entries_.size(), bytes_};
}

void StageCache::clear() {
  Entries leaving;
  const std::scoped_lock lock(mutex_);
  leaving.swap(entries_);
  bytes_ = 0;
}

}  // namespace framelane
