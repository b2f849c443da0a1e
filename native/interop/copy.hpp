#pragma once
// Copies between memory of devices and of the host, whole or strided.
#include <memory>

#include "core/strides.hpp"
#include "interop/memory.hpp"

namespace framelane::interop {

/// One side of a copy: where its first element is. Host memory of JavaScript has no device, and no order.
struct Place {
  std::byte* data = nullptr;
  std::shared_ptr<Device> device;
  std::shared_ptr<const OrderedBlock> block;
};

/// Where a copy is enqueued. A strided one between devices takes steps on both: on another device it is the immediate stream.
struct Lane {
  std::shared_ptr<Device> device;
  std::shared_ptr<Stream> stream;
  const std::shared_ptr<Stream>& on(const std::shared_ptr<Device>& worker) const {
    return worker == device ? stream : worker->immediate;
  }
};

/// The device that does the work of a copy; one of the sides has one.
const std::shared_ptr<Device>& workerOf(const Place& to, const Place& from);
/// Enqueues it; where one side is host memory, it waits, too, unless that is pinned and the caller waits. The sides may overlap.
void copy(const Place& to, const Place& from, const StridedCopy& shape, const Lane& lane, bool wait = true);

/// A copy that is waited for in another thread. JavaScript may take its own memory away at any time, so that is staged: read
/// before the constructor returns, and written by deliver() in JavaScript's thread.
class PendingCopy {
 public:
  PendingCopy(const Place& to, const Place& from, const StridedCopy& shape, const Lane& lane);
  ~PendingCopy();
  PendingCopy(const PendingCopy&) = delete;
  PendingCopy& operator=(const PendingCopy&) = delete;
  void wait();
  /// Whether deliver() writes to JavaScript's memory, which must then still be there.
  bool delivers() const { return target_ != nullptr; }
  void deliver() const;

 private:
  Place staged() const;
  void begin(const Place& to, const Place& from, const Lane& lane);
  std::shared_ptr<Stream> stream_;
  StridedCopy shape_;
  Block staging_;
  std::byte* target_ = nullptr;
  std::unique_ptr<Event> passed_;
};

}  // namespace framelane::interop
