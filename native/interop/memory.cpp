#include "interop/memory.hpp"

#include <string>

#include "core/error.hpp"
#include "cuda/memory.hpp"
#include "devices/devices.hpp"

namespace framelane::interop {

Memory allocate(const std::shared_ptr<Device>& device, size_t bytes) {
  if (bytes == 0) return {device, nullptr, 0, nullptr};
  auto block = std::make_shared<Block>(device->memory->take(MemoryKind::device, bytes));
  auto* data = static_cast<std::byte*>(block->data());
  return {device, data, bytes, std::move(block)};
}

Memory wrap(void* data, size_t bytes) {
  const int ordinal = cuda::deviceOfAddress(data, bytes);
  return {openDevice("cuda:" + std::to_string(ordinal)), static_cast<std::byte*>(data), bytes, nullptr};
}

Memory open(const std::shared_ptr<Device>& device, const cuda::IpcBytes& handle, size_t bytes) {
  auto mapped = cuda::importMemory(device->backend, handle);
  auto* const data = static_cast<std::byte*>(mapped.get());
  // Enqueued work must be done before the memory goes.
  std::shared_ptr<void> last(mapped.get(), [device, mapped](void*) mutable {
    try {
      device->immediate->wait();
    } catch (const Error&) {
      // The device has failed: its next call says so.
    }
    mapped.reset();
  });
  return {device, data, bytes, std::move(last)};
}

Memory expose(const ImageBuffer& image) {
  auto pixels = std::make_shared<WriteAccess>(image.expose(ImageBuffer::Exposure::write));
  auto* data = static_cast<std::byte*>(pixels->data());
  return {image.device(), data, image.capacityBytes(), std::move(pixels)};
}

std::shared_ptr<ImageBuffer> imageOver(const Memory& memory, size_t offset, const FrameShape& shape) {
  struct Held {
    Memory memory;
    OrderedBlock block;
  };
  checkImageSize(shape.size());
  const size_t bytes = frameBytes(shape);
  require(offset <= memory.bytes && bytes <= memory.bytes - offset, "ERR_INVALID_ARGUMENT",
          "image: expected memory of at least " + std::to_string(bytes) + " bytes, received less");
  auto held = std::shared_ptr<Held>(
      new Held{memory, {memory.device->immediate, Block(nullptr, MemoryKind::device, memory.data + offset, bytes)}});
  const OrderedBlock* const block = &held->block;
  return std::make_shared<ImageBuffer>(memory.device, shape,
                                       std::shared_ptr<const OrderedBlock>(std::move(held), block));
}

}  // namespace framelane::interop
