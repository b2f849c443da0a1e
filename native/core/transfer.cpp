#include "core/transfer.hpp"

#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace framelane {

namespace {

void requireInside(Point corner, Size size, Size image, const char* what) {
  const bool inside = corner.x >= 0 && corner.y >= 0 && size.width >= 1 && size.height >= 1 &&
                      size.width <= image.width - corner.x && size.height <= image.height - corner.y;
  require(inside, "ERR_INVALID_ARGUMENT",
          std::string(what) + ": expected a rectangle inside " + std::to_string(image.width) + "x" +
              std::to_string(image.height) + " pixels, received " + std::to_string(size.width) + "x" +
              std::to_string(size.height) + " at " + std::to_string(corner.x) + "," + std::to_string(corner.y));
}

size_t bytesOf(const ReadAccess& image, Element element) {
  return image.bytes() / elementBytes(image.format().element) * elementBytes(element);
}

}  // namespace

void copyRegion(ImageBuffer& source, Point from, ImageBuffer& destination, Point to, Size size,
                const std::shared_ptr<Stream>& stream) {
  Device& device = *source.device();
  require(destination.device().get() == &device, "ERR_DEVICE_MISMATCH", "region: expected images on one device");
  require(source.format() == destination.format(), "ERR_INVALID_ARGUMENT", "region: expected images of one kind");
  requireInside(from, size, source.size(), "region");
  requireInside(to, size, destination.size(), "region");
  const Plane in = source.read(stream).plane(), out = destination.write(stream).plane();
  const size_t pixel = in.channels * elementBytes(in.element);
  const auto* read = static_cast<const std::byte*>(in.data) + from.y * in.stride + from.x * pixel;
  auto* write = static_cast<std::byte*>(out.data) + to.y * out.stride + to.x * pixel;
  {
    const std::scoped_lock lock(stream->mutex());
    for (int y = 0; y < size.height; y++)
      stream->queue().copy(write + y * out.stride, read + y * in.stride, size.width * pixel);
  }
  source.leave(*stream);
  destination.leave(*stream);
}

void uploadStaged(const WriteAccess& image, const void* samples, Element element) {
  Device& device = *image.device();
  const size_t bytes = bytesOf(image, element);
  if (device.backend->isPinned(samples, bytes)) return uploadImage(image, samples, element);
  const Block staging = device.memory->take(MemoryKind::host, bytes);
  std::memcpy(staging.data(), samples, bytes);
  uploadImage(image, staging.data(), element);
}

Snapshot::Snapshot(const ReadAccess& image, void* samples, Element element)
    : device_(image.device()), stream_(image.sharedStream()), download_(image, element), samples_(samples) {
  Backend& backend = *device_->backend;
  if (backend.unified()) return;
  if (!backend.isPinned(samples, download_.bytes()))
    staging_ = device_->memory->take(MemoryKind::host, download_.bytes());
  auto enqueued = backend.makeEvent();
  const std::scoped_lock lock(stream_->mutex());
  download_.enqueue(staging_ ? staging_.data() : samples_);
  stream_->queue().record(*enqueued);
  enqueued_ = std::move(enqueued);
}

/// Without a call of wait() the samples may already be freed, so the device must be done with them here.
Snapshot::~Snapshot() {
  if (!enqueued_) return;
  std::call_once(once_, [this] {
    try {
      enqueued_->wait();
    } catch (const Error&) {
      // A destructor cannot report it.
    }
  });
}

void Snapshot::finish() {
  if (enqueued_) {
    stream_->launches().await([this] { enqueued_->wait(); });
    if (staging_) std::memcpy(samples_, staging_.data(), download_.bytes());
  } else {
    const std::scoped_lock lock(stream_->mutex());
    download_.enqueue(samples_);
    stream_->wait();
  }
}

void Snapshot::settle() noexcept {
  std::call_once(once_, [this] {
    try {
      finish();
    } catch (...) {
      error_ = std::current_exception();
    }
  });
}

void Snapshot::wait() {
  settle();
  if (error_) std::rethrow_exception(error_);
}

void Snapshot::release() noexcept {
  if (!enqueued_) settle();
}

}  // namespace framelane
