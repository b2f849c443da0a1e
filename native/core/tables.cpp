#include "core/tables.hpp"

#include <algorithm>
#include <cstring>

namespace framelane {

namespace {

constexpr size_t kAlignment = 256;
constexpr size_t kChunkBytes = 64 << 10;  // most stages fit; blocks of one size are found again in the pool

}  // namespace

const void* Tables::add(const void* content, size_t bytes) {
  const size_t needed = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  if (chunks_.empty() || chunks_.back().used + needed > chunks_.back().device.bytes()) {
    const size_t chunk = std::max(needed, kChunkBytes);
    Block memory = device_.memory->take(MemoryKind::device, chunk);
    chunks_.push_back({std::move(memory), device_.memory->take(MemoryKind::host, chunk)});
  }
  Chunk& chunk = chunks_.back();
  std::memcpy(static_cast<std::byte*>(chunk.host.data()) + chunk.used, content, bytes);
  const void* const address = static_cast<const std::byte*>(chunk.device.data()) + chunk.used;
  chunk.used += needed;
  return address;
}

void Tables::upload() {
  if (chunks_.empty()) return;
  uploaded_ = device_.backend->makeEvent();
  const std::scoped_lock lock(device_.immediateMutex);
  for (const Chunk& chunk : chunks_) device_.immediate->upload(chunk.device.data(), chunk.host.data(), chunk.used);
  device_.immediate->record(*uploaded_);
}

size_t Tables::bytes() const {
  size_t bytes = 0;
  for (const Chunk& chunk : chunks_) bytes += chunk.device.bytes();
  return bytes;
}

Tables::~Tables() {
  if (!uploaded_) return;
  try {
    uploaded_->wait();  // has long passed, as a rule; the host's copy must not be used again before
  } catch (...) {
    // The queue's next user reports the device's failure.
  }
}

}  // namespace framelane
