#pragma once
// Prepared area ops, kept for the next call with the same values: a slider, a loop, the planes and outputs of one session.
#include <list>
#include <memory>
#include <mutex>

#include "core/cache_count.hpp"
#include "core/op.hpp"

namespace framelane {

class StageCache {
 public:
  static constexpr size_t kMostStages = 64;
  static constexpr size_t kMostBytes = 16 << 20;

  std::shared_ptr<const AreaStage> get(const std::shared_ptr<const Op>& op, Device& device, const AreaShape& shape);
  CacheCount count() const;
  void clear();

 private:
  struct Entry {
    std::shared_ptr<const Op> op;
    AreaShape shape;
    std::shared_ptr<const AreaStage> stage;
  };
  using Entries = std::list<Entry>;
  std::shared_ptr<const AreaStage> find(const Op& op, const AreaShape& shape);
  void shrink(Entries& leaving);
  mutable std::mutex mutex_;
  Entries entries_;  // last used first
  size_t bytes_ = 0;
};

}  // namespace framelane
