#pragma once
// The results of operations for every frame that a sink writes; the sink waits if they are not taken.
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
    std::shared_ptr<const BoundPlan> plan;  // describes `data`
    std::vector<std::byte> data;
  };
  /// With this many results waiting, push() waits.
  static constexpr size_t kMostWaiting = 256;

  /// Starts to keep results.
  void open();
  /// Copies them and waits for room; does nothing before open() and after end().
  void push(const FoundResults& found, double seconds);
  /// Waits for at least one; empty at the end.
  std::vector<Entry> take();
  /// Ends the queue from either side. Waiting results can still be taken.
  void end() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  bool open_ = false;
  bool ended_ = false;
};

}  // namespace framelane::media
