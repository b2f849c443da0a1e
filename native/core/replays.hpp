#pragma once
// Work that is enqueued again and again with the same memory: from its second time on it is a recording, which takes a device
// less time to start than its kernels one by one.
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "core/backend.hpp"

namespace framelane {

/// Recordings of one plan with one set of values, by the memory they read and write.
class Replays {
 public:
  /// Enqueues the work, which reads and writes these besides memory that is always the same. This object must outlive it.
  void run(Queue& queue, const void* input, void* output, const std::function<void()>& enqueue);

 private:
  std::map<std::pair<const void*, void*>, std::shared_ptr<const Recording>> known_;  // null: enqueued once
};

}  // namespace framelane
