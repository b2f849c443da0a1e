#pragma once
#include <memory>
#include <mutex>

#include "core/backend.hpp"
#include "core/launch_log.hpp"

namespace framelane {

/// Work of one device in order, which threads share: a thread that enqueues holds the mutex.
class Stream {
 public:
  explicit Stream(Backend& backend) : queue_(backend.makeQueue()), passed_(backend.makeEvent()) {}
  std::mutex& mutex() { return mutex_; }
  Queue& queue() const { return *queue_; }
  LaunchLog& launches() { return launches_; }

  /// What is enqueued on `later` from now on runs after all that is here now.
  void precede(Queue& later) {
    const std::scoped_lock lock(mutex_);
    queue_->record(*passed_);
    later.waitFor(*passed_);
  }
  /// For all that is enqueued.
  void wait() {
    launches_.await([this] { queue_->wait(); });
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Queue> queue_;
  std::unique_ptr<Event> passed_;
  LaunchLog launches_;
};

}  // namespace framelane
