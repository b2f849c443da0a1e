#include "core/table_pool.hpp"

#include "core/stage_cache.hpp"

namespace framelane {

void TablePool::open(Backend& backend) {
  if (backend.unified()) return;
  constexpr size_t kChunks = StageCache::kMostStages + 16;  // stages that a session or a plan still holds
  auto* device = static_cast<std::byte*>(backend.allocateDevice(kChunks * kChunkBytes));
  auto* host = static_cast<std::byte*>(backend.allocateHost(kChunks * kChunkBytes));
  if (!device || !host) return;
  for (size_t i = kChunks; i-- > 0;) free_.push_back({device + i * kChunkBytes, host + i * kChunkBytes});
}

std::optional<TablePool::Chunk> TablePool::take() {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) return std::nullopt;
  const Chunk chunk = free_.back();
  free_.pop_back();
  return chunk;
}

void TablePool::give(Chunk chunk) {
  const std::scoped_lock lock(mutex_);
  free_.push_back(chunk);
}

}  // namespace framelane
