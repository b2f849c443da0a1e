#pragma once
// The plans that one frame is computed by, with their memory, and what several of them have in common.
#include <memory>
#include <vector>

#include "core/bound_plan.hpp"
#include "core/history.hpp"
#include "core/replays.hpp"

namespace framelane {

using Plans = std::vector<std::shared_ptr<const BoundPlan>>;

/// Memory for a plan's results, for each frame under way.
struct ResultMemory {
  size_t bytes = 0;  // of one frame
  Block device;      // none where the device computes in host memory
  Block host;
  std::byte* deviceAt(size_t slot) const { return static_cast<std::byte*>(device.data()) + slot * bytes; }
  std::byte* hostAt(size_t slot) const { return static_cast<std::byte*>(host.data()) + slot * bytes; }
};

/// What a plan has in common with others of its set. Only passes that are equal bit for bit are shared, so that a frame does
/// not depend on which outputs there are beside it.
struct Sharing {
  static constexpr size_t kNobody = static_cast<size_t>(-1);
  size_t group = kNobody;  // of plans that begin with the same passes, which the first of them to run does for all
  size_t passes = 0;
  size_t twin = kNobody;  // an earlier plan that is the same to the end
};

std::vector<Sharing> sharingOf(const Plans& plans);

/// Where the plans of a set have their frames, in turn.
class SetMemory {
 public:
  SetMemory(const Plans& plans, const std::vector<Sharing>& sharing);
  size_t bytes() const { return bytes_; }
  /// For a plan that shares as that says.
  PlanMemory of(const Sharing& sharing, void* block) const;

 private:
  size_t frameBytes_ = 0;  // the frames of a plan
  size_t groupBytes_ = 0;  // those of a group's shared passes, and its results: other plans run between its members
  size_t frames_ = 0, results_ = 0, scratch_ = 0;  // offsets
  size_t bytes_ = 0;
};

/// Immutable but for its history and recordings, which belong to the thread that runs it. It owns the tables, pictures and memory that its
/// work on a device uses, so a caller holds it until that work is done.
struct PlanSet {
  explicit PlanSet(Plans list)
      : plans(std::move(list)), sharing(sharingOf(plans)), memory(plans, sharing), replays(plans.size()) {}

  Plans plans;
  std::vector<Sharing> sharing;  // of each plan
  SetMemory memory;
  std::shared_ptr<const Block> workspace;  // none where no plan needs any
  /// From when the work of the immediate API that they depend on is done. A queue waits for it before the first of the plans;
  /// none where nothing is to be waited for.
  std::unique_ptr<Event> ready;
  std::vector<ResultMemory> results;     // for each of the plans, where that is asked for
  mutable std::vector<Replays> replays;  // of each plan
  std::shared_ptr<History> history;      // of the input; none where no plan refers to it

  bool computes(size_t index) const { return !plans[index]->passthrough(); }
  PlanMemory memoryOf(size_t index) const { return memory.of(sharing[index], workspace ? workspace->data() : nullptr); }
};

}  // namespace framelane
