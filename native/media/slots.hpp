#pragma once
// Frames' host memory for a session, taken once.
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/memory.hpp"
#include "core/ring.hpp"

namespace framelane::media {

/// Where a slot goes when its frame has been used.
struct SlotReturn {
  Ring<int>* ring = nullptr;
  int slot = 0;
  void operator()() const {
    if (ring) ring->push(slot);
  }
};

class SlotPool {
 public:
  SlotPool(std::shared_ptr<MemoryPool> memory, int count, size_t bytes) : bytes_(bytes), free_(count) {
    for (int i = 0; i < count; i++) {
      blocks_.push_back(memory->take(MemoryKind::host, bytes));
      free_.push(i);
    }
  }
  std::span<std::byte> data(int slot) const { return {static_cast<std::byte*>(blocks_[slot].data()), bytes_}; }
  Ring<int>& free() { return free_; }

 private:
  size_t bytes_;
  std::vector<Block> blocks_;
  Ring<int> free_;
};

}  // namespace framelane::media
