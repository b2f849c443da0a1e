#pragma once
// Plans by their structure, those used last.
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/cache_count.hpp"
#include "core/structure.hpp"

namespace framelane {

class Plan;

class PlanCache {
 public:
  static constexpr size_t kMostPlans = 256;

  /// Compiled if it is not known.
  std::shared_ptr<const Plan> get(const Structure& structure);
  CacheCount count() const;
  void clear();

 private:
  using Plans = std::list<std::shared_ptr<const Plan>>;
  struct SameStructure {
    bool operator()(const Structure* a, const Structure* b) const { return *a == *b; }
  };
  struct HashOfStructure {
    size_t operator()(const Structure* structure) const { return StructureHash{}(*structure); }
  };
  std::shared_ptr<const Plan> find(const Structure& structure);
  mutable std::mutex mutex_;
  Plans plans_;  // last used first
  /// A key is the structure that its plan holds.
  std::unordered_map<const Structure*, Plans::iterator, HashOfStructure, SameStructure> places_;
};

}  // namespace framelane
