#pragma once
#include "core/image.hpp"
#include "core/immediate.hpp"
#include "gl/made_in_context.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// Reads a texture of any format into images: OpenGL converts it into a buffer, and a plan reads that.
class TextureReader {
 public:
  /// ERR_INVALID_ARGUMENT, ERR_INVALID_SIZE or ERR_UNSUPPORTED_FORMAT where it is no 2-D texture of colours.
  TextureReader(std::shared_ptr<Device> device, GLuint texture);
  /// The texture after `ops`; the image takes its size. The first row of the texture is the image's first.
  void copyTo(ImageBuffer& image, const Graph& graph);

 private:
  /// OpenGL objects of our own, deleted where their context is current; else they go with it.
  struct Objects {
    Objects();
    Objects(const Objects&) = delete;
    Objects& operator=(const Objects&) = delete;
    ~Objects();
    MadeInContext context;
    GLuint framebuffer = 0, buffer = 0;
  };
  void readIntoBuffer();
  std::shared_ptr<Device> device_;
  GLuint texture_;
  Size size_;
  Element element_;
  Objects objects_;
  std::unique_ptr<MappedBuffer> memory_;
};

}  // namespace framelane::gl
