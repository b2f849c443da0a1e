#pragma once
#include "core/image.hpp"
#include "gl/made_in_context.hpp"

namespace framelane::gl {

/// OpenGL objects that images of one device are copied to, in the context that is current when it is made. Somebody
/// else made them and deletes them.
class CopyTarget {
 public:
  CopyTarget(const CopyTarget&) = delete;
  CopyTarget& operator=(const CopyTarget&) = delete;
  virtual ~CopyTarget() = default;
  /// Whether the pixels stay on the device.
  virtual bool shared() const = 0;
  /// An image that fits, ERR_INVALID_SIZE otherwise. With `wait` the copy is done on return.
  void copyFrom(const ImageBuffer& image, bool wait);

 protected:
  explicit CopyTarget(std::shared_ptr<Device> device) : device_(std::move(device)) {}
  Device& device() const { return *device_; }

 private:
  virtual void requireFits(const ImageBuffer& image) const = 0;
  virtual void copy(Queue& queue, const ReadAccess& image) = 0;

  MadeInContext context_;
  std::shared_ptr<Device> device_;
};

/// ERR_DEVICE_MISMATCH.
void requireDevice(const ImageBuffer& image, const Device& device);

}  // namespace framelane::gl
