#pragma once
#include "core/image.hpp"
#include "gl/made_in_context.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// A pixel buffer object that images of one device are copied to. Somebody else made it and deletes it.
class PixelBuffer {
 public:
  /// ERR_INVALID_ARGUMENT where there is no such buffer, ERR_INVALID_SIZE where it has no memory.
  PixelBuffer(std::shared_ptr<Device> device, GLuint buffer);
  size_t bytes() const { return bytes_; }
  bool shared() const { return memory_->shared(); }
  /// As large as the buffer, ERR_INVALID_SIZE otherwise. With `wait` the copy is done on return.
  void copyFrom(const ImageBuffer& image, bool wait);

 private:
  MadeInContext context_;
  std::shared_ptr<Device> device_;
  size_t bytes_;
  std::unique_ptr<MappedBuffer> memory_;
};

/// ERR_DEVICE_MISMATCH.
void requireDevice(const ImageBuffer& image, const Device& device);

}  // namespace framelane::gl
