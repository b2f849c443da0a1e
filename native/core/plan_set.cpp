#include "core/plan_set.hpp"

#include <algorithm>

#include "core/workspace.hpp"

namespace framelane {

std::vector<Sharing> sharingOf(const Plans& plans) {
  std::vector<Sharing> sharing(plans.size());
  std::vector<size_t> firsts;  // of the groups
  for (size_t i = 0; i < plans.size(); i++) {
    for (size_t k = 0; k < i && sharing[i].twin == Sharing::kNobody; k++) {
      const size_t count = plans[i]->samePasses(*plans[k]);
      if (count > 0 && count == plans[i]->passCount() && count == plans[k]->passCount()) sharing[i].twin = k;
    }
    for (const size_t first : firsts) {
      const size_t count = std::min(plans[i]->samePasses(*plans[first]), plans[i]->innerPasses());
      if (count <= sharing[i].passes) continue;
      sharing[i].group = sharing[first].group;
      sharing[i].passes = count;
    }
    if (sharing[i].passes > 0) continue;
    sharing[i] = {firsts.size(), plans[i]->innerPasses(), sharing[i].twin};
    firsts.push_back(i);
  }
  // What a group does once is what all of it begin with; a plan alone does everything by itself.
  for (size_t group = 0; group < firsts.size(); group++) {
    size_t members = 0, passes = Sharing::kNobody;
    for (const Sharing& one : sharing)
      if (one.group == group) members++, passes = std::min(passes, one.passes);
    for (Sharing& one : sharing)
      if (one.group == group) one.passes = members > 1 ? passes : 0;
  }
  for (Sharing& one : sharing)
    if (one.passes == 0) one.group = Sharing::kNobody;
  return sharing;
}

SetMemory::SetMemory(const Plans& plans, const std::vector<Sharing>& sharing) {
  size_t results = 0, scratch = 0, groups = 0;
  for (size_t i = 0; i < plans.size(); i++) {
    frameBytes_ = std::max(frameBytes_, Workspace::align(plans[i]->plan().frameBytes()));
    results = std::max(results, Workspace::align(plans[i]->resultBytes()));
    scratch = std::max(scratch, plans[i]->scratchBytes());
    if (sharing[i].passes > 0) groups = std::max(groups, sharing[i].group + 1);
  }
  groupBytes_ = frameBytes_ + results;
  frames_ = groups * groupBytes_;
  results_ = frames_ + frameBytes_;
  scratch_ = results_ + results;
  bytes_ = scratch_ + scratch;
}

PlanMemory SetMemory::of(const Sharing& sharing, void* block) const {
  auto* const base = static_cast<std::byte*>(block);
  PlanMemory memory;
  memory.frames = base + frames_;
  memory.results = base + results_;
  memory.scratch = base + scratch_;
  if (sharing.passes > 0) {
    memory.prefix = base + sharing.group * groupBytes_;
    memory.prefixPasses = sharing.passes;
    memory.results = memory.prefix + frameBytes_;
  }
  return memory;
}

}  // namespace framelane
