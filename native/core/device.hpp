#pragma once
#include <memory>
#include <string>

#include "core/code_cache.hpp"
#include "core/memory.hpp"
#include "core/plan_cache.hpp"
#include "core/stage_cache.hpp"
#include "core/stream.hpp"
#include "core/table_pool.hpp"

namespace framelane {

/// A device as the rest of the addon holds it: the backend, its memory, the stream of the immediate API, and the caches.
struct Device {
  std::shared_ptr<Backend> backend;
  std::shared_ptr<MemoryPool> memory;
  std::shared_ptr<Stream> immediate;
  TablePool tables;  // outlives the stages
  PlanCache plans;
  StageCache stages;
  CodeCache codes;
};

}  // namespace framelane
