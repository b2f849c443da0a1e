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
void copyThrough(const Place& beside, const Place& to, const Place& from, const StridedCopy& shape, const Lane& lane,
                 bool wait) {
  const size_t bytes = shape.count() * shape.elementBytes;
  const auto copyBy = [&](const Place& middle) {
    copy(middle, from, between(shape, packed(shape), shape.from), lane, wait);
    copy(to, middle, between(shape, shape.to, packed(shape)), lane, wait);
  };
  if (!beside.device) {
    const auto data = std::make_unique<std::byte[]>(bytes);
    return copyBy({data.get(), nullptr, nullptr});
  }
  const Memory memory = allocate(beside.device, bytes);
  copyBy({memory.data, memory.device, memory.block});
}

// Memory of the CPU device is in no stream's order: a use there is over when the call returns.
void useOn(const Place& place, const std::shared_ptr<Stream>& stream) {
  if (place.block && !onHost(place)) place.block->useOn(stream);
}

void leave(const Place& place, const Stream& stream) {
  if (place.block && !onHost(place)) place.block->leave(stream);
}

void copyOnDevice(const Place& to, const Place& from, const StridedCopy& runs, const std::shared_ptr<Stream>& stream) {
  useOn(from, stream);
  useOn(to, stream);
  {
    const std::scoped_lock lock(stream->mutex());
    if (!copyRows(stream->queue(), to, from, runs)) cuda::copyElements(stream->queue(), to.data, from.data, runs);
  }
  leave(from, *stream);
  leave(to, *stream);
}

/// Neither side reaches the other's memory by itself: only rows go across.
void copyAcross(const Place& to, const Place& from, const StridedCopy& shape, const StridedCopy& runs, const Lane& lane,
                bool wait) {
  const auto& stream = lane.on(workerOf(to, from));
  useOn(from, stream);
  useOn(to, stream);
  bool done = false;
  {
    const std::scoped_lock lock(stream->mutex());
    done = copyRows(stream->queue(), to, from, runs);
  }
  if (done) {
    leave(from, *stream);
    leave(to, *stream);
    if ((onHost(to) || onHost(from)) && wait) stream->wait();
    return;
  }
  // The strided side is packed first, or unpacked last, where it is.
  const bool isPackedSource = shape.from == packed(shape);
  copyThrough(isPackedSource ? to : from, to, from, shape, lane, wait);
}

}  // namespace

const std::shared_ptr<Device>& workerOf(const Place& to, const Place& from) {
  if (!onHost(to)) return to.device;
  return from.device && (!onHost(from) || !to.device) ? from.device : to.device;
}

void copy(const Place& to, const Place& from, const StridedCopy& shape, const Lane& lane, bool wait) {
  if (shape.count() == 0) return;
  if (overlap(to, from, shape)) return copyThrough(to, to, from, shape, lane, wait);
  const StridedCopy runs = inRuns(shape);
  if (onHost(to) && onHost(from)) return copyOnHost(to.data, from.data, runs);
  if (to.device == from.device) return copyOnDevice(to, from, runs, lane.on(to.device));
  copyAcross(to, from, shape, runs, lane, wait);
}

PendingCopy::PendingCopy(const Place& to, const Place& from, const StridedCopy& shape, const Lane& lane)
    : stream_(lane.stream), shape_(shape) {
  Backend& backend = *lane.device->backend;
  if (backend.unified() || shape.count() == 0) {
    copy(to, from, shape, lane);
    return;
  }
  auto passed = backend.makeEvent();
  begin(to, from, lane);
  const std::scoped_lock lock(stream_->mutex());
  stream_->queue().record(*passed);
  passed_ = std::move(passed);
}

void PendingCopy::begin(const Place& to, const Place& from, const Lane& lane) {
  if (to.device && from.device) return copy(to, from, shape_, lane);
  staging_ = lane.device->memory->take(MemoryKind::host, shape_.count() * shape_.elementBytes);
  const Place stage = staged();
  if (to.device) {
    copy(stage, from, between(shape_, packed(shape_), shape_.from), lane);
    copy(to, stage, between(shape_, shape_.to, packed(shape_)), lane, false);
  } else {
    copy(stage, from, between(shape_, packed(shape_), shape_.from), lane, false);
    target_ = to.data;
  }
}

PendingCopy::~PendingCopy() {
  try {
    wait();  // the device must be done with the staging memory
  } catch (const Error&) {
    // A destructor cannot report it.
  }
}

void PendingCopy::wait() {
  if (const auto passed = std::move(passed_)) stream_->launches().await([&] { passed->wait(); });
}

void PendingCopy::deliver() const {
  if (target_) copyOnHost(target_, staged().data, inRuns(between(shape_, shape_.to, packed(shape_))));
}

Place PendingCopy::staged() const { return {static_cast<std::byte*>(staging_.data()), nullptr, nullptr}; }

}  // namespace framelane::interop
