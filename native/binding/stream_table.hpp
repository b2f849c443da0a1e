#pragma once
// The streams of an environment by number, which calls name where they are not to run on the immediate one.
#include <memory>
#include <unordered_map>
#include <utility>

#include "binding/number_argument.hpp"
#include "core/device.hpp"

namespace framelane::binding {

struct HeldStream {
  std::shared_ptr<Device> device;
  std::shared_ptr<Stream> stream;
};

/// Numbers begin at 1 and are never used again. 0 is the immediate stream of whatever device a call is about.
class StreamTable {
 public:
  double add(HeldStream stream) {
    streams_.emplace(++last_, std::move(stream));
    return static_cast<double>(last_);
  }
  void remove(double number) noexcept { streams_.erase(static_cast<uint64_t>(number)); }
  const HeldStream* find(double number) const noexcept {
    const auto found = streams_.find(static_cast<uint64_t>(number));
    return found == streams_.end() ? nullptr : &found->second;
  }
  /// ERR_DISPOSED for one that has been removed, ERR_INVALID_ARGUMENT for what never was a number of a stream.
  const HeldStream& at(double number) const {
    require(isInteger(number, 1, static_cast<double>(last_)), "ERR_INVALID_ARGUMENT", "stream: expected a Stream");
    const HeldStream* const found = find(number);
    require(found != nullptr, "ERR_DISPOSED", "the stream has been freed");
    return *found;
  }
  /// That a call on the device names; ERR_DEVICE_MISMATCH for one of another device.
  const std::shared_ptr<Stream>& on(const Device& device, double number) const {
    if (number == 0) return device.immediate;
    const HeldStream& held = at(number);
    if (held.device.get() == &device) return held.stream;
    fail("ERR_DEVICE_MISMATCH", "stream: expected one on " + device.backend->info().id + ", received one on " +
                                    held.device->backend->info().id);
  }
  /// For all that was enqueued on the device's streams.
  void wait(const Device& device) const {
    for (const auto& [number, held] : streams_)
      if (held.device.get() == &device) held.stream->wait();
  }

 private:
  std::unordered_map<uint64_t, HeldStream> streams_;
  uint64_t last_ = 0;
};

}  // namespace framelane::binding
