#include "core/memory.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <new>

#include "core/collector.hpp"
#include "core/error.hpp"
#include "core/host_memory.hpp"

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
  void* const data = std::exchange(data_, nullptr);
  if (data && pool_) pool_->giveBack(kind_, data, bytes_);
  pool_.reset();
}

MemoryPool::MemoryPool(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {
  constexpr size_t kShare = 8;
  shelf(MemoryKind::host).mostKept = hostMemory().total / kShare;
  shelf(MemoryKind::device).mostKept =
      backend_->unified() ? shelf(MemoryKind::host).mostKept : backend_->info().memoryBytes / kShare;
}

MemoryPool::~MemoryPool() { trim(); }

Block MemoryPool::take(MemoryKind kind, size_t bytes) {
  const size_t rounded = roundUp(bytes);
  for (Collector* collector : collectors()) collector->freeDead();
  if (Block block = tryToTake(kind, rounded)) return block;
  for (int i = 0; i < kCollections && !collectors().empty(); i++) {
    for (Collector* collector : collectors()) collector->collect();
    if (Block block = tryToTake(kind, rounded)) return block;
  }
  refuse(kind, rounded);
}

/// None where the budget or the system has no more.
Block MemoryPool::tryToTake(MemoryKind kind, size_t bytes) {
  const std::scoped_lock lock(mutex_);
  Shelf& own = shelf(kind);
  MemoryCount& count = own.count;
  if (own.budget && count.live + bytes > own.budget) return {};
  void* data = reuse(own, bytes);
  if (!data) {
    // Pooled blocks of other sizes count against the budget too, and make room before the system says no.
    if (own.budget && count.live + count.pooled + bytes > own.budget) shrink(kind, own.budget - count.live - bytes);
    if (count.pooled && isHostShort(kind, bytes)) shrink(kind, 0);
    data = allocate(kind, bytes);
    if (!data && count.pooled) {
      shrink(kind, 0);
      data = allocate(kind, bytes);
    }
    if (!data) return {};
    count.allocations++;
  }
  count.live += bytes;
  count.peak = std::max(count.peak, count.live + count.pooled);
  return Block(shared_from_this(), kind, data, bytes);
}

void MemoryPool::refuse(MemoryKind kind, size_t bytes) const {
  const std::scoped_lock lock(mutex_);
  const auto& [count, budget, mostKept, kept, bySize] = shelf(kind);
  const std::string need = std::string(kindName(kind)) + " memory on " + backend_->info().id + ": need " +
                           std::to_string(bytes) + " bytes, ";
  if (budget && count.live + bytes > budget)
    fail("ERR_OUT_OF_MEMORY", need + "have " + std::to_string(budget - std::min(budget, count.live)) +
                                  " of a budget of " + std::to_string(budget));
  fail("ERR_OUT_OF_MEMORY", need + "the system has no more (" + std::to_string(count.live) + " bytes are in use here)");
}

/// The system overcommits and kills processes when memory runs out, so the last sixteenth is not allocated while the pool keeps
/// blocks. Small blocks are not worth the check.
bool MemoryPool::isHostShort(MemoryKind kind, size_t bytes) const {
  constexpr size_t kWorthAsking = 1 << 20, kReserve = 16;
  if (bytes < kWorthAsking || (kind == MemoryKind::device && !backend_->unified())) return false;
  const HostMemory memory = hostMemory();
  return memory.available < bytes + memory.total / kReserve;
}

void* MemoryPool::allocate(MemoryKind kind, size_t bytes) {
  return kind == MemoryKind::device ? backend_->allocateDevice(bytes) : backend_->allocateHost(bytes);
}

/// The block of that size that came back last: it may still be in a cache.
void* MemoryPool::reuse(Shelf& own, size_t bytes) noexcept {
  auto found = own.bySize.upper_bound(bytes);
  if (found == own.bySize.begin() || (--found)->first != bytes) return nullptr;
  void* data = found->second->data;
  own.kept.erase(found->second);
  own.bySize.erase(found);
  own.count.pooled -= bytes;
  return data;
}

void MemoryPool::giveBack(MemoryKind kind, void* data, size_t bytes) noexcept {
  const std::scoped_lock lock(mutex_);
  Shelf& own = shelf(kind);
  own.count.live -= bytes;
  try {
    own.kept.push_back({bytes, data});
    try {
      own.bySize.emplace(bytes, std::prev(own.kept.end()));
    } catch (...) {
      own.kept.pop_back();
      throw;
    }
    own.count.pooled += bytes;
    shrink(kind, own.mostKept);
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

/// To at most so many bytes.
void MemoryPool::shrink(MemoryKind kind, size_t keep) noexcept {
  Shelf& own = shelf(kind);
  while (own.count.pooled > keep) {
    const auto oldest = own.kept.begin();
    auto [place, end] = own.bySize.equal_range(oldest->bytes);
    own.bySize.erase(std::find_if(place, end, [&](const auto& entry) { return entry.second == oldest; }));
    own.count.pooled -= oldest->bytes;
    release(kind, oldest->data);
    own.kept.pop_front();
  }
}

void MemoryPool::trim() {
  const std::scoped_lock lock(mutex_);
  for (const auto kind : {MemoryKind::device, MemoryKind::host}) shrink(kind, 0);
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
