#include "core/memory.hpp"

#include <algorithm>
#include <bit>
#include <new>

#include "core/error.hpp"

namespace framelane {

namespace {

/// Up to the next 1/8 of a power of two, so that frames of nearly the same size share blocks.
size_t roundUp(size_t bytes) {
  bytes = std::max<size_t>(bytes, 256);
  const size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

const char* kindName(MemoryKind kind) { return kind == MemoryKind::device ? "device" : "host"; }

}  // namespace

Block& Block::operator=(Block&& other) noexcept {
  if (this != &other) {
    reset();
    pool_ = std::move(other.pool_);
    kind_ = other.kind_;
    data_ = std::exchange(other.data_, nullptr);
    bytes_ = other.bytes_;
  }
  return *this;
}

void Block::reset() noexcept {
  if (data_) pool_->giveBack(kind_, std::exchange(data_, nullptr), bytes_);
  pool_.reset();
}

MemoryPool::~MemoryPool() { trim(); }

Block MemoryPool::take(MemoryKind kind, size_t bytes) {
  const size_t rounded = roundUp(bytes);
  const std::scoped_lock lock(mutex_);
  Shelf& own = shelf(kind);
  MemoryCount& count = own.count;
  if (own.budget && count.live + rounded > own.budget)
    fail("ERR_OUT_OF_MEMORY", std::string(kindName(kind)) + " memory on " + backend_->info().id + ": need " +
                                  std::to_string(rounded) + " bytes, have " +
                                  std::to_string(own.budget - std::min(own.budget, count.live)) + " of a budget of " +
                                  std::to_string(own.budget));
  void* data = nullptr;
  if (const auto found = own.free.find(rounded); found != own.free.end()) {
    data = found->second;
    own.free.erase(found);
    count.pooled -= rounded;
  } else {
    // Pooled blocks of other sizes count against the budget too, and make room before the system says no.
    if (own.budget && count.live + count.pooled + rounded > own.budget) trimShelf(kind, own);
    const auto allocate = [&] {
      return kind == MemoryKind::device ? backend_->allocateDevice(rounded) : backend_->allocateHost(rounded);
    };
    data = allocate();
    if (!data && count.pooled) {
      trimShelf(kind, own);
      data = allocate();
    }
    if (!data)
      fail("ERR_OUT_OF_MEMORY", std::string(kindName(kind)) + " memory on " + backend_->info().id + ": need " +
                                    std::to_string(rounded) + " bytes, the system has no more (" +
                                    std::to_string(count.live) + " bytes are in use here)");
    count.allocations++;
  }
  count.live += rounded;
  count.peak = std::max(count.peak, count.live + count.pooled);
  return Block(shared_from_this(), kind, data, rounded);
}

void MemoryPool::giveBack(MemoryKind kind, void* data, size_t bytes) noexcept {
  const std::scoped_lock lock(mutex_);
  Shelf& own = shelf(kind);
  own.count.live -= bytes;
  try {
    own.free.emplace(bytes, data);
    own.count.pooled += bytes;
  } catch (const std::bad_alloc&) {
    release(kind, data);
  }
}

void MemoryPool::release(MemoryKind kind, void* data) noexcept {
  if (kind == MemoryKind::device)
    backend_->releaseDevice(data);
  else
    backend_->releaseHost(data);
}

void MemoryPool::trimShelf(MemoryKind kind, Shelf& own) noexcept {
  for (const auto& [bytes, data] : own.free) {
    release(kind, data);
    own.count.pooled -= bytes;
  }
  own.free.clear();
}

void MemoryPool::trim() {
  const std::scoped_lock lock(mutex_);
  for (const auto kind : {MemoryKind::device, MemoryKind::host}) trimShelf(kind, shelf(kind));
}

MemoryCount MemoryPool::count(MemoryKind kind) const {
  const std::scoped_lock lock(mutex_);
  return shelf(kind).count;
}

void MemoryPool::setBudget(MemoryKind kind, size_t bytes) {
  const std::scoped_lock lock(mutex_);
  shelf(kind).budget = bytes;
}

}  // namespace framelane
