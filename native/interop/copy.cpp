#include "interop/copy.hpp"

#include <cstring>
#include <mutex>

#include "core/error.hpp"
#include "cuda/memory.hpp"

namespace framelane::interop {

namespace {

bool onHost(const Place& place) { return !place.device || place.device->backend->unified(); }

/// Bytes that lie behind one another on both sides are moved at once, as the last dimension.
StridedCopy inRuns(const StridedCopy& copy) {
  StridedCopy result = copy.simplified();
  const int last = result.rank - 1;
  const auto bytes = static_cast<int64_t>(result.elementBytes);
  if (last < 0 || result.to[last] != bytes || result.from[last] != bytes) return result;
  result.elementBytes *= static_cast<size_t>(result.sizes[last]);
  result.rank = last;
  return result;
}

void copyOnHost(std::byte* to, const std::byte* from, const StridedCopy& runs, int dimension = 0) {
  if (dimension == runs.rank) {
    std::memcpy(to, from, runs.elementBytes);
    return;
  }
  for (int64_t i = 0; i < runs.sizes[dimension]; i++)
    copyOnHost(to + i * runs.to[dimension], from + i * runs.from[dimension], runs, dimension + 1);
}

bool isPitch(int64_t stride, size_t width) { return stride >= static_cast<int64_t>(width); }

/// As a copy of rows, which every two places allow; false where it is not one.
bool copyRows(Queue& queue, const Place& to, const Place& from, const StridedCopy& runs) {
  const size_t width = runs.elementBytes;
  if (runs.rank == 0) {
    cuda::copyRows(queue, to.data, width, from.data, width, width, 1);
    return true;
  }
  const bool pitched = runs.rank == 1 && isPitch(runs.to[0], width) && isPitch(runs.from[0], width);
  constexpr size_t kWorthOneRow = 16;  // narrower rows are slower than a kernel
  if (!pitched || width < kWorthOneRow) return false;
  cuda::copyRows(queue, to.data, static_cast<size_t>(runs.to[0]), from.data, static_cast<size_t>(runs.from[0]), width,
                 static_cast<size_t>(runs.sizes[0]));
  return true;
}

/// The strides of a packed array.
std::array<int64_t, kMostDimensions> packed(const StridedCopy& copy) {
  std::array<int64_t, kMostDimensions> strides{};
  auto next = static_cast<int64_t>(copy.elementBytes);
  for (int i = copy.rank - 1; i >= 0; i--) {
    strides[i] = next;
    next *= copy.sizes[i];
  }
  return strides;
}

StridedCopy between(const StridedCopy& copy, const std::array<int64_t, kMostDimensions>& to,
                    const std::array<int64_t, kMostDimensions>& from) {
  StridedCopy result = copy;
  result.to = to;
  result.from = from;
  return result;
}

bool overlap(const Place& to, const Place& from, const StridedCopy& copy) {
  const Extent written = extentOf(copy, copy.to), read = extentOf(copy, copy.from);
  return to.data + written.low < from.data + read.high && from.data + read.low < to.data + written.high;
}

/// Through packed memory beside one of them.
void copyThrough(const Place& beside, const Place& to, const Place& from, const StridedCopy& shape, bool wait) {
  const size_t bytes = shape.count() * shape.elementBytes;
  if (!beside.device) {
    const auto data = std::make_unique<std::byte[]>(bytes);
    const Place middle{data.get(), nullptr};
    copy(middle, from, between(shape, packed(shape), shape.from), wait);
    copy(to, middle, between(shape, shape.to, packed(shape)), wait);
    return;
  }
  const Memory memory = allocate(beside.device, bytes);
  const Place middle{memory.data, beside.device};
  copy(middle, from, between(shape, packed(shape), shape.from), wait);
  copy(to, middle, between(shape, shape.to, packed(shape)), wait);
}

void copyOnDevice(const Place& to, const Place& from, const StridedCopy& runs) {
  Stream& stream = *to.device->immediate;
  const std::scoped_lock lock(stream.mutex());
  if (!copyRows(stream.queue(), to, from, runs)) cuda::copyElements(stream.queue(), to.data, from.data, runs);
}

/// Neither side reaches the other's memory by itself: only rows go across.
void copyAcross(const Place& to, const Place& from, const StridedCopy& shape, const StridedCopy& runs, bool wait) {
  Device& runner = onHost(to) ? *from.device : *to.device;
  const bool isPeer = !onHost(to) && !onHost(from);
  if (isPeer) from.device->immediate->precede(runner.immediate->queue());
  bool done = false;
  {
    const std::scoped_lock lock(runner.immediate->mutex());
    done = copyRows(runner.immediate->queue(), to, from, runs);
  }
  if (done && isPeer) runner.immediate->precede(from.device->immediate->queue());
  if (done && !isPeer && wait) runner.immediate->wait();
  if (done) return;
  // The strided side is packed first, or unpacked last, where it is.
  const bool isPackedSource = shape.from == packed(shape);
  copyThrough(isPackedSource ? to : from, to, from, shape, wait);
}

}  // namespace

void copy(const Place& to, const Place& from, const StridedCopy& shape, bool wait) {
  if (shape.count() == 0) return;
  if (overlap(to, from, shape)) return copyThrough(to, to, from, shape, wait);
  const StridedCopy runs = inRuns(shape);
  if (onHost(to) && onHost(from)) return copyOnHost(to.data, from.data, runs);
  if (to.device == from.device) return copyOnDevice(to, from, runs);
  copyAcross(to, from, shape, runs, wait);
}

PendingCopy::PendingCopy(const Place& to, const Place& from, const StridedCopy& shape) : shape_(shape) {
  const size_t bytes = shape.count() * shape.elementBytes;
  device_ = !onHost(to) ? to.device : from.device;
  if (!device_ || device_->backend->unified() || bytes == 0) {
    copy(to, from, shape);
    return;
  }
  auto passed = device_->backend->makeEvent();
  if (to.device && from.device) {
    copy(to, from, shape);
  } else {
    staging_ = device_->memory->take(MemoryKind::host, bytes);
    const Place stage = staged();
    if (to.device) {
      copy(stage, from, between(shape, packed(shape), shape.from));
      copy(to, stage, between(shape, shape.to, packed(shape)), false);
    } else {
      copy(stage, from, between(shape, packed(shape), shape.from), false);
      target_ = to.data;
    }
  }
  const std::scoped_lock lock(device_->immediate->mutex());
  device_->immediate->queue().record(*passed);
  passed_ = std::move(passed);
}

PendingCopy::~PendingCopy() {
  try {
    wait();  // the device must be done with the staging memory
  } catch (const Error&) {
    // A destructor cannot report it.
  }
}

void PendingCopy::wait() {
  if (const auto passed = std::move(passed_)) device_->immediate->launches().await([&] { passed->wait(); });
}

void PendingCopy::deliver() const {
  if (target_) copy({target_, nullptr}, staged(), between(shape_, shape_.to, packed(shape_)));
}

Place PendingCopy::staged() const { return {static_cast<std::byte*>(staging_.data()), nullptr}; }

}  // namespace framelane::interop
