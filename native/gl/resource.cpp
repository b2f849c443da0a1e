#include "gl/resource.hpp"

#include <utility>

#include "cuda/gl_interop.hpp"

namespace framelane::gl {

std::unique_ptr<MappedBuffer> mapBuffer(Device& device, GLuint buffer, size_t bytes, Access access) {
  if (device.backend->kind() == DeviceKind::cuda && cuda::drivesCurrentContext(*device.backend))
    return cuda::mapBuffer(*device.backend, buffer, bytes, access);
  return mapBufferOnHost(device, buffer, bytes, access);
}

std::unique_ptr<MappedTextures> mapTextures(Device& device, const std::vector<GLuint>& textures) {
  if (device.backend->kind() == DeviceKind::cuda && cuda::drivesCurrentContext(*device.backend))
    return cuda::mapTextures(*device.backend, textures);
  return mapTexturesOnHost(device, textures);
}

Mapping::~Mapping() {
  if (data_ == nullptr) return;
  try {
    buffer_.unmap(queue_);
  } catch (...) {
    // Another exception is on its way.
  }
}

void Mapping::end() {
  data_ = nullptr;
  buffer_.unmap(queue_);
}

}  // namespace framelane::gl
