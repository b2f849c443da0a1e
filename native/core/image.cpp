#include "core/image.hpp"

#include "core/error.hpp"

namespace framelane {

void checkImageSize(Size size) {
  constexpr int kMaxSide = 32768;
  require(size.width >= 1 && size.height >= 1 && size.width <= kMaxSide && size.height <= kMaxSide, "ERR_INVALID_SIZE",
          "image size: expected 1..32768 on each side, received " + std::to_string(size.width) + "x" +
              std::to_string(size.height));
}

ImageBuffer::ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape) : device_(std::move(device)), shape_(shape) {
  checkImageSize(shape.size());
  capacityPixels_ = static_cast<size_t>(shape.width) * shape.height;
  block_ = std::make_shared<Block>(device_->memory->take(MemoryKind::device, frameBytes(shape_)));
}

void ImageBuffer::resize(Size size) {
  checkImageSize(size);
  const size_t pixels = static_cast<size_t>(size.width) * size.height;
  const FrameShape resized{shape_.format, size.width, size.height, shape_.color};
  // Subsampled planes are rounded up: as many pixels in odd sides take more bytes.
  require(pixels <= capacityPixels_ && frameBytes(resized) <= capacityBytes(), "ERR_CAPACITY_EXCEEDED",
          "image size: " + std::to_string(size.width) + "x" + std::to_string(size.height) + " needs " +
              std::to_string(pixels) + " pixels, the buffer's capacity is " + std::to_string(capacityPixels_));
  shape_ = resized;
}

}  // namespace framelane
