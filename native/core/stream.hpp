#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "core/backend.hpp"
#include "core/launch_log.hpp"
#include "core/memory.hpp"

namespace framelane {

/// Work of one device in order, which threads share: a thread that enqueues holds the mutex. Each device has the immediate stream,
/// where memory comes from its pool and goes back to, and tables are uploaded; any other stream is made beside it.
class Stream {
 public:
  explicit Stream(Backend& backend) : Stream(backend, backend.makeQueue(), nullptr) {}
  Stream(Backend& backend, std::unique_ptr<Queue> queue, std::shared_ptr<Stream> immediate);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();
  std::mutex& mutex() { return mutex_; }
  Queue& queue() const { return *queue_; }
  LaunchLog& launches() { return launches_; }
  bool isImmediate() const { return immediate_ == nullptr; }

  /// What is enqueued on `later` from now on runs after all that is here now. Neither waits for the other's mutex.
  void precede(Queue& later);
  /// For all that is enqueued.
  void wait() {
    launches_.await([this] { queue_->wait(); });
  }
  /// Nothing more is enqueued: the immediate stream comes after it, and the queue is not used any more, so that the owner of a
  /// foreign one may destroy it. Idempotent.
  void end() noexcept;
  bool ended() {
    const std::scoped_lock lock(mutex_);
    return ended_;
  }

  // The rest is for other streams than the immediate one, on JavaScript's thread.

  /// Working memory for what is enqueued next. It is kept, because memory that goes back to the pool after each call would bring
  /// the streams into one order.
  std::byte* scratch(MemoryPool& pool, size_t bytes);
  /// Before constants (the tables of a stage, the code of an operation) are read here: the immediate stream has uploaded them, and
  /// may only use their memory again after this.
  void hold(const std::shared_ptr<const void>& constants);

 private:
  static constexpr size_t kMostHeld = 64;
  void rejoin() noexcept;

  std::mutex mutex_;
  std::unique_ptr<Queue> queue_;
  std::unique_ptr<Event> passed_;
  LaunchLog launches_;
  const std::shared_ptr<Stream> immediate_;
  bool ended_ = false;
  Block scratch_;
  std::vector<std::shared_ptr<const void>> held_;
};

}  // namespace framelane
