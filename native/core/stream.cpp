#include "core/stream.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace framelane {

Stream::Stream(Backend& backend, std::unique_ptr<Queue> queue, std::shared_ptr<Stream> immediate)
    : queue_(std::move(queue)), passed_(backend.makeEvent()), immediate_(std::move(immediate)) {}

Stream::~Stream() { end(); }

void Stream::precede(Queue& later) {
  const std::scoped_lock lock(mutex_);
  if (!ended_) queue_->record(*passed_);
  later.waitFor(*passed_);
}

/// What was used here may be used by the immediate stream.
void Stream::rejoin() noexcept {
  try {
    precede(immediate_->queue());
  } catch (const Error&) {
    // The device has failed: its next call says so.
  }
}

void Stream::end() noexcept {
  if (!immediate_) return;
  rejoin();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  scratch_.reset();
  held_.clear();
}

std::byte* Stream::scratch(MemoryPool& pool, size_t bytes) {
  if (scratch_.bytes() < bytes) {
    Block larger = pool.take(MemoryKind::device, bytes);
    if (scratch_) rejoin();  // it goes back
    scratch_ = std::move(larger);
    immediate_->precede(*queue_);
  }
  return static_cast<std::byte*>(scratch_.data());
}

void Stream::hold(const std::shared_ptr<const void>& constants) {
  if (std::ranges::find(held_, constants) != held_.end()) return;
  if (held_.size() == kMostHeld) {
    rejoin();
    held_.clear();
  }
  held_.push_back(constants);
  immediate_->precede(*queue_);
}

}  // namespace framelane
