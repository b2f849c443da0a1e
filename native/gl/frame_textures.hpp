#pragma once
#include "gl/copy_target.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// Textures, one for each plane of frames of one shape.
class FrameTextures final : public CopyTarget {
 public:
  /// ERR_INVALID_ARGUMENT, ERR_INVALID_SIZE and ERR_UNSUPPORTED_FORMAT where a texture is not what its plane needs.
  FrameTextures(std::shared_ptr<Device> device, const FrameShape& shape, const std::vector<GLuint>& textures);
  size_t bytes() const { return frameBytes(shape_); }
  bool shared() const override { return memory_->shared(); }

 private:
  void requireFits(const ImageBuffer& image) const override;
  void copy(Queue& queue, const ReadAccess& image) override { memory_->copyFrom(queue, image.frame()); }

  FrameShape shape_;
  std::unique_ptr<MappedTextures> memory_;
};

/// Of a texture's base level; ERR_INVALID_ARGUMENT where there is no such texture, ERR_INVALID_SIZE where it has no memory.
Size textureSize(GLuint texture);

}  // namespace framelane::gl
