#pragma once
#include "core/image.hpp"
#include "gl/made_in_context.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// Textures, one for each plane, that frames of one shape and device are copied to. Somebody else made them and deletes them.
class FrameTextures {
 public:
  /// ERR_INVALID_ARGUMENT, ERR_INVALID_SIZE and ERR_UNSUPPORTED_FORMAT where a texture is not what its plane needs.
  FrameTextures(std::shared_ptr<Device> device, const FrameShape& shape, const std::vector<GLuint>& textures);
  bool shared() const { return memory_->shared(); }
  /// A frame of that format and size, ERR_INVALID_SIZE otherwise. With `wait` the copy is done on return.
  void copyFrom(const ImageBuffer& image, bool wait);

 private:
  MadeInContext context_;
  std::shared_ptr<Device> device_;
  FrameShape shape_;
  std::unique_ptr<MappedTextures> memory_;
};

/// Of a texture's base level; ERR_INVALID_ARGUMENT where there is no such texture, ERR_INVALID_SIZE where it has no memory.
Size textureSize(GLuint texture);

}  // namespace framelane::gl
