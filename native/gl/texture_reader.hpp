#pragma once
#include "core/image.hpp"
#include "core/immediate.hpp"
#include "gl/made_in_context.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// Reads a texture, whatever its format, into images: OpenGL converts it into a buffer, a plan goes from there.
class TextureReader {
 public:
  /// ERR_INVALID_ARGUMENT, ERR_INVALID_SIZE or ERR_UNSUPPORTED_FORMAT where it is no 2-D texture of colours.
  TextureReader(std::shared_ptr<Device> device, GLuint texture);
  TextureReader(const TextureReader&) = delete;
  TextureReader& operator=(const TextureReader&) = delete;
  ~TextureReader();
  Size size() const { return size_; }
  /// The texture after `ops`; the image takes its size. The first row of the texture is the image's first.
  void copyTo(ImageBuffer& image, const Ops& ops);

 private:
  void readIntoBuffer();
  MadeInContext context_;
  std::shared_ptr<Device> device_;
  GLuint texture_;
  Size size_;
  Element element_;
  GLuint framebuffer_ = 0, buffer_ = 0;
  std::unique_ptr<MappedBuffer> memory_;
};

}  // namespace framelane::gl
