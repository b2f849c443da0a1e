#pragma once
// Garbage that holds memory. JavaScript's objects die unseen, and Node runs their finalisers in a later turn of the event loop:
// a loop that never waits would keep all it ever made. So every allocation on JavaScript's thread calls the collector first.
#include <vector>

namespace framelane {

/// What was made while a collector was marking counts as alive until the collection after that.
constexpr int kCollections = 2;

class Collector {
 public:
  virtual ~Collector() = default;
  /// Frees what belongs to objects that are known to be dead. Costs next to nothing where nothing was collected meanwhile.
  virtual void freeDead() noexcept = 0;
  /// Finds the dead, too, which takes milliseconds.
  virtual void collect() noexcept = 0;
};

/// Those of this thread: one for each time the addon was loaded in it, none in native threads.
inline std::vector<Collector*>& collectors() {
  thread_local std::vector<Collector*> here;
  return here;
}

}  // namespace framelane
