#pragma once
// The arguments of a launch that are memory.
#include <memory>
#include <span>

#include "binding/environment.hpp"
#include "core/image.hpp"

namespace framelane::binding {

/// Those of the environment's LaunchBlock, so many. All are on the device of the kernel: ERR_DEVICE_MISMATCH otherwise.
class MemoryArguments {
 public:
  MemoryArguments(const Environment& environment, const Device& device, double count);
  /// Before the launch: fills in the addresses, and lets the stream come after what used them last.
  void useOn(const std::shared_ptr<Stream>& stream) const;
  /// After the launch.
  void leave(const Stream& stream) const;

 private:
  const interop::Memory& memory(const LaunchBlock::Memory& argument) const;
  const std::shared_ptr<ImageBuffer>& image(const LaunchBlock::Memory& argument) const;
  const Environment& environment_;
  std::span<const LaunchBlock::Memory> arguments_;
};

}  // namespace framelane::binding
