#pragma once
// A bounded queue between two threads: back-pressure by blocking, nothing allocated after construction.
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace framelane {

template <class T>
class Ring {
 public:
  explicit Ring(size_t capacity) : items_(capacity) {}

  /// Waits for room. False once closed: the item was not taken.
  bool push(const T& item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || count_ < items_.size(); });
    if (closed_) return false;
    items_[(first_ + count_) % items_.size()] = item;
    count_++;
    lock.unlock();
    filled_.notify_one();
    return true;
  }

  /// Waits for an item. Empty once closed and drained.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || count_ > 0; });
    return take(lock);
  }

  /// An item, if one is there now.
  std::optional<T> tryPop() {
    std::unique_lock lock(mutex_);
    return take(lock);
  }

  /// How many items wait inside now.
  size_t size() const {
    std::lock_guard lock(mutex_);
    return count_;
  }

  /// No more pushes; what is inside can still be popped. Wakes everyone who waits.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    room_.notify_all();
    filled_.notify_all();
  }

  /// close(), and what is inside is dropped.
  void discard() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
      count_ = 0;
    }
    room_.notify_all();
    filled_.notify_all();
  }

 private:
  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (count_ == 0) return std::nullopt;
    T item = items_[first_];
    first_ = (first_ + 1) % items_.size();
    count_--;
    lock.unlock();
    room_.notify_one();
    return item;
  }

  mutable std::mutex mutex_;
  std::condition_variable room_, filled_;
  std::vector<T> items_;
  size_t first_ = 0;
  size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace framelane
