#pragma once
// Device and host memory for frames: pooled, counted, and within an optional budget.
#include <atomic>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/backend.hpp"

namespace framelane {

enum class MemoryKind { device, host };

/// Bytes now lent out, bytes kept for reuse, the most ever held at once, and the number of allocations from the system.
struct MemoryCount {
  size_t live = 0;
  size_t pooled = 0;
  size_t peak = 0;
  size_t allocations = 0;
};

class MemoryPool;

/// A block on loan from a pool; goes back when destroyed. Holds its pool, so the order of destruction does not matter. Without a
/// pool it is somebody else's memory.
class Block {
 public:
  Block() = default;
  Block(std::shared_ptr<MemoryPool> pool, MemoryKind kind, void* data, size_t bytes)
      : pool_(std::move(pool)), kind_(kind), data_(data), bytes_(bytes) {}
  Block(Block&& other) noexcept { *this = std::move(other); }
  Block& operator=(Block&& other) noexcept;
  ~Block() { reset(); }
  void reset() noexcept;
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  explicit operator bool() const { return data_ != nullptr; }

 private:
  std::shared_ptr<MemoryPool> pool_;
  MemoryKind kind_ = MemoryKind::device;
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

/// One pool per device. Blocks are rounded up to 1/8 of a power of two and kept for reuse when they come back, up to an
/// eighth of the device's or host's memory; the oldest are freed first. An allocation fails only after the collectors of the
/// calling thread have run and every kept block has been freed.
class MemoryPool : public std::enable_shared_from_this<MemoryPool> {
 public:
  explicit MemoryPool(std::shared_ptr<Backend> backend);
  ~MemoryPool();
  /// ERR_OUT_OF_MEMORY names what was needed and what there was.
  Block take(MemoryKind kind, size_t bytes);
  MemoryCount count(MemoryKind kind) const;
  void setBudget(MemoryKind kind, size_t bytes);  // 0: none
  void trim();                                    // gives pooled blocks back to the system

 private:
  friend class Block;
  struct Kept {
    size_t bytes;
    void* data;
  };
  using Order = std::list<Kept>;
  struct Shelf {
    MemoryCount count;
    size_t budget = 0;
    size_t mostKept = 0;
    Order kept;  // longest first
    std::multimap<size_t, Order::iterator> bySize;
  };
  Block tryToTake(MemoryKind kind, size_t bytes);
  void* allocate(MemoryKind kind, size_t bytes);
  [[noreturn]] void refuse(MemoryKind kind, size_t bytes) const;
  bool isHostShort(MemoryKind kind, size_t bytes) const;
  void giveBack(MemoryKind kind, void* data, size_t bytes) noexcept;
  void* reuse(Shelf& shelf, size_t bytes) noexcept;
  void shrink(MemoryKind kind, size_t keep) noexcept;
  void release(MemoryKind kind, void* data) noexcept;
  Shelf& shelf(MemoryKind kind) { return shelves_[kind == MemoryKind::device ? 0 : 1]; }
  const Shelf& shelf(MemoryKind kind) const { return shelves_[kind == MemoryKind::device ? 0 : 1]; }

  std::shared_ptr<Backend> backend_;
  mutable std::mutex mutex_;
  Shelf shelves_[2];
};

}  // namespace framelane
