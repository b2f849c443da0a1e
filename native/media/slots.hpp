#pragma once
// Frames' host memory for a session, taken once.
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/memory.hpp"
#include "core/ring.hpp"

namespace framelane::media {

/// A slot is free again when each of its users has given it back.
class SlotPool {
 public:
  SlotPool(std::shared_ptr<MemoryPool> memory, int count, size_t bytes)
      : bytes_(bytes), users_(static_cast<size_t>(count)), free_(static_cast<size_t>(count)) {
    for (int i = 0; i < count; i++) {
      blocks_.push_back(memory->take(MemoryKind::host, bytes));
      free_.push(i);
    }
  }
  std::span<std::byte> data(int slot) const { return {static_cast<std::byte*>(blocks_[slot].data()), bytes_}; }

  /// Waits for a free slot, which then has one user; none after discard().
  std::optional<int> take() {
    const auto slot = free_.pop();
    if (slot) users_[*slot].store(1, std::memory_order_relaxed);
    return slot;
  }
  /// Adds a user; only a present user may call it.
  void share(int slot) { users_[slot].fetch_add(1, std::memory_order_relaxed); }
  void giveBack(int slot) {
    if (users_[slot].fetch_sub(1, std::memory_order_acq_rel) == 1) free_.push(slot);
  }
  /// Wakes the thread that waits for a slot.
  void discard() { free_.discard(); }

 private:
  size_t bytes_;
  std::vector<Block> blocks_;
  std::vector<std::atomic<int>> users_;
  Ring<int> free_;
};

/// Returns a slot to its pool when its frame has been used.
struct SlotReturn {
  SlotPool* pool = nullptr;
  int slot = 0;
  void operator()() const {
    if (pool) pool->giveBack(slot);
  }
};

}  // namespace framelane::media
