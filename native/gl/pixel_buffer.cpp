#include "gl/pixel_buffer.hpp"

#include "gl/context.hpp"
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

PixelBuffer::PixelBuffer(std::shared_ptr<Device> on, GLuint buffer)
    : CopyTarget(std::move(on)),
      buffer_(buffer),
      bytes_(sizeOf(buffer)),
      memory_(mapBuffer(device(), buffer, bytes_, Access::write)) {}

void PixelBuffer::requireFits(const ImageBuffer& image) const {
  require(image.bytes() == bytes_, "ERR_INVALID_SIZE",
          "image: expected as many bytes as the buffer has, " + std::to_string(bytes_) + ", received " +
              std::to_string(image.size().width) + "x" + std::to_string(image.size().height) + " = " +
              std::to_string(image.bytes()));
}

void PixelBuffer::copy(Queue& queue, const ReadAccess& image) {
  Context::forgetElements(buffer_);
  Mapping mapping(*memory_, queue);
  queue.copy(mapping.data(), image.data(), bytes_);
  mapping.end();
}

}  // namespace framelane::gl
