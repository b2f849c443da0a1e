#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "core/launch_log.hpp"
#include "core/memory.hpp"
#include "core/plan_cache.hpp"
#include "core/stage_cache.hpp"
#include "core/table_pool.hpp"

namespace framelane {

/// A device as the rest of the addon holds it: the backend, its memory, the queue of the immediate API, and the caches.
struct Device {
  std::shared_ptr<Backend> backend;
  std::shared_ptr<MemoryPool> memory;
  std::unique_ptr<Queue> immediate;
  std::mutex immediateMutex;  // worker threads share a device
  LaunchLog launches;         // of the immediate queue
  TablePool tables;           // outlives the stages
  PlanCache plans;
  StageCache stages;

  /// For all that is on the immediate queue.
  void wait() {
    launches.await([this] { immediate->wait(); });
  }
};

}  // namespace framelane
