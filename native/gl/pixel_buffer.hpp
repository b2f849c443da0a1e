#pragma once
#include "gl/copy_target.hpp"
#include "gl/resource.hpp"

namespace framelane::gl {

/// A pixel buffer object, for images that have as many bytes.
class PixelBuffer final : public CopyTarget {
 public:
  /// ERR_INVALID_ARGUMENT where there is no such buffer, ERR_INVALID_SIZE where it has no memory.
  PixelBuffer(std::shared_ptr<Device> device, GLuint buffer);
  size_t bytes() const { return bytes_; }
  bool shared() const override { return memory_->shared(); }

 private:
  void requireFits(const ImageBuffer& image) const override;
  void copy(Queue& queue, const ReadAccess& image) override;

  GLuint buffer_;
  size_t bytes_;
  std::unique_ptr<MappedBuffer> memory_;
};

}  // namespace framelane::gl
