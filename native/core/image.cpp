#include "core/image.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/recorder.hpp"
#include "core/transfer.hpp"

namespace framelane {

void checkImageSize(Size size) {
  constexpr int kMaxSide = 32768;
  if (size.width >= 1 && size.height >= 1 && size.width <= kMaxSide && size.height <= kMaxSide) return;
  fail("ERR_INVALID_SIZE", "image size: expected 1..32768 on each side, received " + std::to_string(size.width) + "x" +
                               std::to_string(size.height));
}

ImageBuffer::ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape)
    : device_(std::move(device)), shape_(shape) {
  checkImageSize(shape.size());
  capacityPixels_ = static_cast<size_t>(shape.width) * shape.height;
  block_ = std::make_shared<const OrderedBlock>(device_->immediate,
                                                device_->memory->take(MemoryKind::device, frameBytes(shape_)));
}

ImageBuffer::ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape,
                         std::shared_ptr<const OrderedBlock> memory)
    : device_(std::move(device)), shape_(shape), block_(std::move(memory)), exposure_(Exposure::write) {
  checkImageSize(shape.size());
  capacityPixels_ = static_cast<size_t>(shape.width) * shape.height;
}

void ImageBuffer::requireRoom(Size size) const {
  checkImageSize(size);
  const size_t pixels = static_cast<size_t>(size.width) * size.height;
  const FrameShape resized{shape_.format, size.width, size.height, shape_.color};
  // Subsampled planes are rounded up: as many pixels in odd sides take more bytes.
  if (pixels <= capacityPixels_ && frameBytes(resized) <= capacityBytes()) return;
  fail("ERR_CAPACITY_EXCEEDED", "image size: " + std::to_string(size.width) + "x" + std::to_string(size.height) +
                                    " needs " + std::to_string(pixels) + " pixels, the buffer's capacity is " +
                                    std::to_string(capacityPixels_));
}

void ImageBuffer::resize(Size size) {
  if (size == shape_.size()) return;
  requireRoom(size);
  if (pending_.recorder) pending_.recorder->beforeResize(*this);
  shape_.width = size.width;
  shape_.height = size.height;
}

ReadAccess ImageBuffer::read(const std::shared_ptr<Stream>& stream) const {
  if (pending_.writer >= 0) pending_.recorder->launchFor(*this);
  requireKept();
  return access(stream);
}

Plane ImageBuffer::plane() const {
  if (pending_.writer >= 0) pending_.recorder->launchFor(*this);
  requireKept();
  return frameAt(block_->data(), shape_).planes[0];
}

WriteAccess ImageBuffer::write(const std::shared_ptr<Stream>& stream) {
  launchAll();
  return toWrite(stream);
}

WriteAccess ImageBuffer::refill(const std::shared_ptr<Stream>& stream) {
  launchAll();
  lost_.reset();
  return toWrite(stream);
}

WriteAccess ImageBuffer::replace(Size size, const std::shared_ptr<Stream>& stream) {
  requireRoom(size);
  const bool dropped = pending_.writer >= 0 && pending_.recorder->beforeOverwrite(*this, size);
  try {
    launchReaders();
  } catch (const std::exception& error) {
    if (dropped) lose(error.what());
    throw;
  }
  lost_.reset();
  shape_.width = size.width;
  shape_.height = size.height;
  return toWrite(stream);
}

WriteAccess ImageBuffer::scratch(const std::shared_ptr<Stream>& stream) {
  if (pending_.writer >= 0) pending_.recorder->kill(*this);
  launchReaders();
  return toWrite(stream);
}

WriteAccess ImageBuffer::expose(Exposure exposure) const {
  launchAll();
  exposure_ = std::max(exposure_, exposure);
  if (exposure == Exposure::read) block_->watch();
  return toWrite(device_->immediate);
}

std::shared_ptr<Snapshot> ImageBuffer::snapshot(void* samples, Element element,
                                                const std::shared_ptr<Stream>& stream) const {
  auto made = std::make_shared<Snapshot>(read(stream), samples, element);
  // JavaScript may write the memory without a call.
  if (exposure_ == Exposure::write) made->release();
  std::erase_if(snapshots_, [](const auto& one) { return one.expired(); });
  snapshots_.push_back(made);
  return made;
}

void ImageBuffer::releaseSnapshots() const {
  for (const auto& one : snapshots_)
    if (const auto snapshot = one.lock()) snapshot->release();
  snapshots_.clear();
}

WriteAccess ImageBuffer::toWrite(const std::shared_ptr<Stream>& stream) const {
  releaseSnapshots();
  return access(stream);
}

void ImageBuffer::lose(const char* why) { lost_ = std::make_shared<const std::string>(why); }

void ImageBuffer::requireKept() const {
  if (lost_) fail("ERR_DEVICE_LOST", "the image has no pixels: " + *lost_ + "; fill it anew");
}

void ImageBuffer::launchReaders() const {
  if (pending_.readers) pending_.recorder->launchReaders(*this);
}

void ImageBuffer::launchAll() const {
  if (pending_.writer >= 0) pending_.recorder->launchFor(*this);
  launchReaders();
}

void ImageBuffer::free(std::shared_ptr<ImageBuffer> image) noexcept {
  Recorder* const recorder = image->pending_.recorder;
  if (recorder) recorder->free(std::move(image));
}

void ImageBuffer::freeLater(std::shared_ptr<ImageBuffer> image) noexcept {
  Recorder* const recorder = image->pending_.recorder;
  if (recorder) recorder->freeLater(std::move(image));
}

}  // namespace framelane
