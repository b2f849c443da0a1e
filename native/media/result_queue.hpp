#pragma once
// What operations find out about the frames that a sink writes, for somebody who wants all of it.
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/plan_run.hpp"

namespace framelane::media {

/// Of one frame; the set keeps the memory.
struct FoundResults {
  std::shared_ptr<const PlanSet> set;  // none where no operation has a result
  size_t index = 0;                    // of the plan
  std::span<const std::byte> data;
};

class ResultQueue {
 public:
  struct Entry {
    double seconds;
    std::shared_ptr<const BoundPlan> plan;  // which tells what is in it
    std::vector<std::byte> data;
  };
  /// Results that nobody has taken yet; whoever writes then waits.
  static constexpr size_t kMostWaiting = 256;

  /// From here on results are wanted.
  void open();
  /// Copies them. Waits for room; does nothing where nobody wants them.
  void push(const FoundResults& found, double seconds);
  /// Waits for at least one. None: there are no more.
  std::vector<Entry> take();
  /// There are no more, or nobody wants them any more. What is there can still be taken.
  void end() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  bool open_ = false;
  bool ended_ = false;
};

}  // namespace framelane::media
