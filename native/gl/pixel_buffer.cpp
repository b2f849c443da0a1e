#include "gl/pixel_buffer.hpp"

#include "gl/saved_state.hpp"

namespace framelane::gl {

namespace {

size_t sizeOf(GLuint buffer) {
  const Functions& gl = functions();
  require(gl.IsBuffer(buffer), "ERR_INVALID_ARGUMENT",
          "buffer: expected a buffer of the current OpenGL context, received the name " + std::to_string(buffer) +
              ", which is none (one exists from its first bindBuffer on)");
  const BoundBuffer bound(gl, kPixelUnpackBuffer, buffer);
  GLint64 bytes = 0;
  gl.GetBufferParameteri64v(kPixelUnpackBuffer, kBufferSize, &bytes);
  require(bytes > 0, "ERR_INVALID_SIZE", "buffer: expected one that has memory; call bufferData first");
  return static_cast<size_t>(bytes);
}

}  // namespace

PixelBuffer::PixelBuffer(std::shared_ptr<Device> device, GLuint buffer)
    : device_(std::move(device)), bytes_(sizeOf(buffer)), memory_(mapBuffer(*device_, buffer, bytes_, Access::write)) {}

void PixelBuffer::copyFrom(const ImageBuffer& image, bool wait) {
  context_.requireCurrent();
  requireDevice(image, *device_);
  require(image.bytes() == bytes_, "ERR_INVALID_SIZE",
          "image: expected as many bytes as the buffer has, " + std::to_string(bytes_) + ", received " +
              std::to_string(image.size().width) + "x" + std::to_string(image.size().height) + " = " +
              std::to_string(image.bytes()));
  const std::scoped_lock lock(device_->immediateMutex);
  Queue& queue = *device_->immediate;
  Mapping mapping(*memory_, queue);
  queue.copy(mapping.data(), image.data(), bytes_);
  mapping.end();
  if (wait) queue.wait();
}

void requireDevice(const ImageBuffer& image, const Device& device) {
  require(image.device().get() == &device, "ERR_DEVICE_MISMATCH",
          "image: expected one on " + device.backend->info().id + ", received one on " + image.device()->backend->info().id);
}

}  // namespace framelane::gl
