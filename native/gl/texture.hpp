#pragma once
#include <optional>

#include "gl/frame_textures.hpp"
#include "gl/texture_reader.hpp"

namespace framelane::gl {

/// A texture that 8-bit images are copied to and that images are read from; what either needs is made when it is first used.
class Texture {
 public:
  Texture(std::shared_ptr<Device> device, GLuint texture)
      : device_(std::move(device)), texture_(texture), size_(textureSize(texture)) {}
  Size size() const { return size_; }
  /// What copying takes, once it has been done.
  size_t bytes() const { return frameBytes({PixelFormat::rgba8, size_.width, size_.height}); }
  void copyFrom(const ImageBuffer& image, bool wait) {
    context_.requireCurrent();
    if (!target_)
      target_.emplace(device_, FrameShape{PixelFormat::rgba8, size_.width, size_.height}, std::vector{texture_});
    target_->copyFrom(image, wait);
  }
  void copyTo(ImageBuffer& image, const Graph& graph) {
    context_.requireCurrent();
    if (!reader_) reader_.emplace(device_, texture_);
    reader_->copyTo(image, graph);
  }

 private:
  MadeInContext context_;
  std::shared_ptr<Device> device_;
  GLuint texture_;
  Size size_;
  std::optional<FrameTextures> target_;
  std::optional<TextureReader> reader_;
};

}  // namespace framelane::gl
