#include "media/result_queue.hpp"

#include <utility>

namespace framelane::media {

void ResultQueue::open() {
  const std::scoped_lock lock(mutex_);
  open_ = true;
}

void ResultQueue::push(const FoundResults& found, double seconds) {
  if (!found.set) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !open_ || ended_ || entries_.size() < kMostWaiting; });
  if (!open_ || ended_) return;
  entries_.push_back({seconds, found.set->plans[found.index], {found.data.begin(), found.data.end()}});
  changed_.notify_all();
}

std::vector<ResultQueue::Entry> ResultQueue::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !entries_.empty(); });
  changed_.notify_all();
  return std::exchange(entries_, {});
}

void ResultQueue::end() noexcept {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

}  // namespace framelane::media
