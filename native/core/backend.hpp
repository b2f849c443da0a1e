#pragma once
// What a device offers. A backend is a value that is chosen once and handed in; nothing falls back to another one.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/format.hpp"
#include "core/program.hpp"

namespace framelane {

/// A moment on a queue that another queue or the host can wait for. Reusable.
class Event {
 public:
  virtual ~Event() = default;
  virtual void wait() = 0;  // blocks the calling thread until the last recorded moment has passed
  /// Whether it has; true where none was recorded. Throws what went wrong before it.
  virtual bool passed() = 0;
  /// Between two moments that have passed; both events were made with a time.
  virtual double secondsSince(const Event& earlier) const = 0;
};

/// Work that a queue has recorded, with its addresses and values, to enqueue it again as one piece.
class Recording {
 public:
  virtual ~Recording() = default;
  /// Whether the work would still be recorded like that.
  virtual bool current() const { return true; }
};

/// Work in order. On CUDA a stream: every call but `wait` only enqueues. On the CPU each call completes before it returns.
class Queue {
 public:
  virtual ~Queue() = default;
  virtual void run(const PointProgram& program) = 0;
  /// `host` must stay valid until the work is done; only pinned memory makes these asynchronous.
  virtual void upload(void* device, const void* host, size_t bytes) = 0;
  virtual void download(void* host, const void* device, size_t bytes) = 0;
  virtual void copy(void* destination, const void* source, size_t bytes) = 0;
  virtual void record(Event& event) = 0;
  virtual void waitFor(Event& event) = 0;
  virtual void wait() = 0;
  /// Records what `enqueue` enqueues here, without running it. It must neither wait nor allocate. None where enqueueing costs
  /// the device nothing.
  virtual std::shared_ptr<const Recording> capture(const std::function<void()>& enqueue) = 0;
  /// The recording, and its memory, must outlive the work.
  virtual void replay(const Recording& recording) = 0;
  /// Of the device's own interface; 0 where it has none.
  virtual uint64_t handle() const = 0;
};

/// Of a queue's work among that of others that waits for the device.
enum class Priority { normal, high };

enum class DeviceKind { cpu, cuda };

struct DeviceInfo {
  DeviceKind kind;
  std::string id;      // "cpu", "cuda:0"
  std::string name;    // "AMD EPYC … (avx2)", "NVIDIA H200"
  std::string detail;  // ISA and threads, or compute capability, driver and runtime
  size_t memoryBytes = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual const DeviceInfo& info() const = 0;
  virtual std::unique_ptr<Queue> makeQueue(Priority priority = Priority::normal) = 0;
  /// A queue that somebody else made, and destroys. ERR_UNSUPPORTED_OP where there are none.
  virtual std::unique_ptr<Queue> wrapQueue(uint64_t handle) = 0;
  virtual std::unique_ptr<Event> makeEvent() = 0;
  /// An event that keeps when its moment was; on CUDA it costs a little more to record.
  virtual std::unique_ptr<Event> makeTimedEvent() = 0;
  /// Raw memory; the pools and the ledger sit above (core/memory.hpp). nullptr when there is none left.
  virtual void* allocateDevice(size_t bytes) = 0;
  virtual void releaseDevice(void* data) noexcept = 0;
  virtual void* allocateHost(size_t bytes) = 0;  // pinned where that means something
  virtual void releaseHost(void* data) noexcept = 0;
  /// Whether the device reaches those bytes of the host by itself, as it does allocateHost's.
  virtual bool isPinned(const void* data, size_t bytes) = 0;
  /// True when host memory is device memory, so nothing needs to be uploaded or downloaded.
  virtual bool unified() const = 0;

  DeviceKind kind() const { return info().kind; }
};

}  // namespace framelane
