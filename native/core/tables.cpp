#include "core/tables.hpp"

#include <algorithm>
#include <cstring>

#include "core/workspace.hpp"

namespace framelane {

Tables::Chunk Tables::makeChunk(size_t bytes) {
  Chunk chunk;
  chunk.bytes = std::max(bytes, TablePool::kChunkBytes);
  if (chunk.bytes == TablePool::kChunkBytes) chunk.small = device_.tables.take();
  if (!chunk.small) {
    chunk.device = device_.memory->take(MemoryKind::device, chunk.bytes);
    chunk.host = device_.memory->take(MemoryKind::host, chunk.bytes);
  }
  return chunk;
}

const void* Tables::add(const void* content, size_t bytes) {
  const size_t needed = Workspace::align(bytes);
  if (chunks_.empty() || chunks_.back().used + needed > chunks_.back().bytes) chunks_.push_back(makeChunk(needed));
  Chunk& chunk = chunks_.back();
  std::memcpy(static_cast<std::byte*>(chunk.hostData()) + chunk.used, content, bytes);
  const void* const address = static_cast<const std::byte*>(chunk.deviceData()) + chunk.used;
  chunk.used += needed;
  return address;
}

void Tables::upload() {
  if (chunks_.empty()) return;
  uploaded_ = device_.backend->makeEvent();
  const std::scoped_lock lock(device_.immediate->mutex());
  for (const Chunk& chunk : chunks_)
    device_.immediate->queue().upload(chunk.deviceData(), chunk.hostData(), chunk.used);
  device_.immediate->queue().record(*uploaded_);
}

size_t Tables::bytes() const {
  size_t bytes = 0;
  for (const Chunk& chunk : chunks_) bytes += chunk.bytes;
  return bytes;
}

Tables::~Tables() {
  try {
    if (uploaded_) uploaded_->wait();  // has long passed, as a rule; the host's copy must not be used again before
  } catch (...) {
    // The queue's next user reports the device's failure.
  }
  for (const Chunk& chunk : chunks_)
    if (chunk.small) device_.tables.give(*chunk.small);
}

}  // namespace framelane
