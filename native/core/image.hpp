#pragma once
#include <memory>

#include "core/format.hpp"
#include "core/device.hpp"

namespace framelane {

/// Pixels of an Image (rgbaf32), an ImageU8 (rgba8) or a Frame (any format): fixed capacity, adjustable size.
class ImageBuffer {
 public:
  ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape);
  const std::shared_ptr<Device>& device() const { return device_; }
  PixelFormat format() const { return shape_.format; }
  Size size() const { return shape_.size(); }
  size_t capacityPixels() const { return capacityPixels_; }
  size_t capacityBytes() const { return block_->bytes(); }
  size_t bytes() const { return frameBytes(shape_); }
  void* data() const { return block_->data(); }
  FrameShape shape() const { return shape_; }
  Frame frame() const { return frameAt(block_->data(), shape_); }
  Plane plane() const { return frame().planes[0]; }
  /// Logical only: no pixel moves. ERR_CAPACITY_EXCEEDED beyond the capacity.
  void resize(Size size);
  /// The same pixels with a size of its own, for a thread that works on them while this one may be resized.
  std::shared_ptr<ImageBuffer> alias() const { return std::shared_ptr<ImageBuffer>(new ImageBuffer(*this)); }

 private:
  ImageBuffer(const ImageBuffer&) = default;
  std::shared_ptr<Device> device_;
  FrameShape shape_;
  size_t capacityPixels_;
  std::shared_ptr<const Block> block_;
};

/// Each side 1..32768, ERR_INVALID_SIZE otherwise.
void checkImageSize(Size size);

}  // namespace framelane
