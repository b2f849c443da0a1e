#include "interop/memory.hpp"

#include <string>

#include "core/error.hpp"
#include "cuda/memory.hpp"
#include "devices/devices.hpp"

namespace framelane::interop {

namespace {

Block unowned(void* data, size_t bytes) { return {nullptr, MemoryKind::device, data, bytes}; }

}  // namespace

Memory allocate(const std::shared_ptr<Device>& device, size_t bytes) {
  if (bytes == 0) return {device, nullptr, 0, nullptr};
  auto block = std::make_shared<const OrderedBlock>(device->immediate, device->memory->take(MemoryKind::device, bytes));
  auto* data = static_cast<std::byte*>(block->data());
  return {device, data, bytes, std::move(block)};
}

Memory wrap(void* data, size_t bytes) {
  const auto device = openDevice("cuda:" + std::to_string(cuda::deviceOfAddress(data, bytes)));
  return {device, static_cast<std::byte*>(data), bytes,
          std::make_shared<const OrderedBlock>(device->immediate, unowned(data, bytes))};
}

Memory heldBy(std::shared_ptr<const void> owner, const std::shared_ptr<Device>& device, void* data, size_t bytes) {
  struct Held {
    std::shared_ptr<const void> owner;
    OrderedBlock block;
  };
  // The block goes first: the immediate stream then comes after its last use.
  auto held = std::shared_ptr<Held>(new Held{std::move(owner), {device->immediate, unowned(data, bytes)}});
  const OrderedBlock* const block = &held->block;
  return {device, static_cast<std::byte*>(data), bytes, std::shared_ptr<const OrderedBlock>(std::move(held), block)};
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
  return heldBy(std::move(last), device, data, bytes);
}

Memory expose(const ImageBuffer& image) {
  auto* data = static_cast<std::byte*>(image.expose(ImageBuffer::Exposure::write).data());
  return {image.device(), data, image.capacityBytes(), image.block()};
}

std::shared_ptr<ImageBuffer> imageOver(const Memory& memory, size_t offset, const FrameShape& shape) {
  checkImageSize(shape.size());
  const size_t bytes = frameBytes(shape);
  require(offset <= memory.bytes && bytes <= memory.bytes - offset, "ERR_INVALID_ARGUMENT",
          "image: expected memory of at least " + std::to_string(bytes) + " bytes, received less");
  auto pixels = std::make_shared<const OrderedBlock>(memory.block, unowned(memory.data + offset, bytes));
  return std::make_shared<ImageBuffer>(memory.device, shape, std::move(pixels));
}

}  // namespace framelane::interop
