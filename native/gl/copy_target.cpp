#include "gl/copy_target.hpp"

namespace framelane::gl {

void CopyTarget::copyFrom(const ImageBuffer& image, bool wait) {
  context_.requireCurrent();
  requireDevice(image, *device_);
  requireFits(image);
  const ReadAccess pixels = image.read();
  const std::scoped_lock lock(device_->immediate->mutex());
  copy(device_->immediate->queue(), pixels);
  if (wait) device_->immediate->wait();
}

void requireDevice(const ImageBuffer& image, const Device& device) {
  require(image.device().get() == &device, "ERR_DEVICE_MISMATCH",
          "image: expected one on " + device.backend->info().id + ", received one on " +
              image.device()->backend->info().id);
}

}  // namespace framelane::gl
