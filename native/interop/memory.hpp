#pragma once
// Memory of a device that callers name by its address, ours or somebody else's.
#include <memory>

#include "core/device.hpp"
#include "core/image.hpp"
#include "cuda/ipc.hpp"

namespace framelane::interop {

/// A range of bytes on a device. Copies share the block, which keeps the memory and knows the stream that used it last.
struct Memory {
  std::shared_ptr<Device> device;
  std::byte* data = nullptr;
  size_t bytes = 0;
  std::shared_ptr<const OrderedBlock> block;  // none where there are no bytes

  /// Before a use on that stream is enqueued, and after it is.
  void useOn(const std::shared_ptr<Stream>& stream) const {
    if (block) block->useOn(stream);
  }
  void leave(const Stream& stream) const {
    if (block) block->leave(stream);
  }
};

/// From the device's pool. No bytes have no address.
Memory allocate(const std::shared_ptr<Device>& device, size_t bytes);
/// Memory of CUDA at that address, which the caller keeps, and which nothing of ours has used; on the device it belongs to. ERR_INVALID_ARGUMENT for anything else.
Memory wrap(void* data, size_t bytes);
/// Memory that `owner` keeps; that goes after the last use.
Memory heldBy(std::shared_ptr<const void> owner, const std::shared_ptr<Device>& device, void* data, size_t bytes);
/// The first bytes of another process's allocation; closed with the last copy.
Memory open(const std::shared_ptr<Device>& device, const cuda::IpcBytes& handle, size_t bytes);
/// The memory of an image, after its recorded calls; from then on its calls run at once.
Memory expose(const ImageBuffer& image);
/// An image over packed pixels at that offset. ERR_INVALID_ARGUMENT where the memory ends before them.
std::shared_ptr<ImageBuffer> imageOver(const Memory& memory, size_t offset, const FrameShape& shape);

}  // namespace framelane::interop
