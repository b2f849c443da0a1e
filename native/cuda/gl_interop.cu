// Registered once; each frame maps, copies and unmaps on the queue's stream. Mapping makes the
// stream wait for OpenGL, unmapping makes OpenGL wait for the stream; the host waits for neither.
#include "cuda/gl_interop.hpp"

#include <cuda_runtime.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "cuda/check.hpp"
#include "cuda/queue.hpp"

// As <cuda_gl_interop.h> has them; that header asks for the system's <GL/gl.h>.
extern "C" {
cudaError_t cudaGLGetDevices(unsigned int* count, int* devices, unsigned int capacity, int list);
cudaError_t cudaGraphicsGLRegisterBuffer(cudaGraphicsResource** resource, unsigned int buffer, unsigned int flags);
cudaError_t cudaGraphicsGLRegisterImage(cudaGraphicsResource** resource, unsigned int image, unsigned int target,
                                        unsigned int flags);
}

namespace framelane::cuda {

namespace {

/// Registered OpenGL objects, all mapped by one call: each costs a switch between the two APIs.
class Registrations {
 public:
  explicit Registrations(Backend& backend) : backend_(backend) { makeCurrent(backend); }
  Registrations(const Registrations&) = delete;
  Registrations& operator=(const Registrations&) = delete;
  /// Ignores failures: a deleted object or context has already ended its registration.
  ~Registrations() {
    cudaSetDevice(ordinalOf(backend_));
    for (cudaGraphicsResource_t resource : resources_) cudaGraphicsUnregisterResource(resource);
    cudaGetLastError();
  }

  void add(cudaGraphicsResource_t resource) { resources_.push_back(resource); }
  cudaGraphicsResource_t operator[](size_t i) const { return resources_[i]; }

  void map(cudaStream_t stream) {
    check(cudaGraphicsMapResources(static_cast<int>(resources_.size()), resources_.data(), stream),
          "map OpenGL objects");
  }
  void unmap(cudaStream_t stream) {
    check(cudaGraphicsUnmapResources(static_cast<int>(resources_.size()), resources_.data(), stream),
          "unmap OpenGL objects");
  }

 private:
  Backend& backend_;
  std::vector<cudaGraphicsResource_t> resources_;
};

class CudaBuffer final : public gl::MappedBuffer {
 public:
  CudaBuffer(Backend& backend, gl::GLuint buffer, size_t bytes, gl::Access access)
      : bytes_(bytes), registrations_(backend) {
    cudaGraphicsResource_t resource = nullptr;
    check(cudaGraphicsGLRegisterBuffer(
              &resource, buffer,
              access == gl::Access::write ? cudaGraphicsRegisterFlagsWriteDiscard : cudaGraphicsRegisterFlagsReadOnly),
          "register an OpenGL buffer");
    registrations_.add(resource);
  }

  void* map(Queue& queue) override {
    const cudaStream_t stream = streamOf(queue);
    registrations_.map(stream);
    void* data = nullptr;
    size_t mapped = 0;
    const cudaError_t found = cudaGraphicsResourceGetMappedPointer(&data, &mapped, registrations_[0]);
    if (found == cudaSuccess && mapped >= bytes_) return data;
    registrations_.unmap(stream);
    check(found, "find a mapped OpenGL buffer");
    fail("ERR_INVALID_SIZE", "the buffer now has " + std::to_string(mapped) + " bytes, expected " +
                                 std::to_string(bytes_) + " as when the resource was made");
  }

  void unmap(Queue& queue) override { registrations_.unmap(streamOf(queue)); }
  bool shared() const override { return true; }

 private:
  size_t bytes_;
  Registrations registrations_;
};

class CudaTextures final : public gl::MappedTextures {
 public:
  CudaTextures(Backend& backend, const std::vector<gl::GLuint>& textures)
      : count_(textures.size()), registrations_(backend) {
    for (const gl::GLuint texture : textures) {
      cudaGraphicsResource_t resource = nullptr;
      check(cudaGraphicsGLRegisterImage(&resource, texture, gl::kTexture2D, cudaGraphicsRegisterFlagsWriteDiscard),
            "register an OpenGL texture");
      registrations_.add(resource);
    }
  }

  void copyFrom(Queue& queue, const Frame& frame) override {
    const cudaStream_t stream = streamOf(queue);
    registrations_.map(stream);
    cudaError_t copied = cudaSuccess;
    for (size_t i = 0; i < count_ && copied == cudaSuccess; i++)
      copied = copyPlane(registrations_[i], frame.planes[i], stream);
    registrations_.unmap(stream);
    check(copied, "copy to an OpenGL texture");
  }

  bool shared() const override { return true; }

 private:
  static cudaError_t copyPlane(cudaGraphicsResource_t texture, const Plane& plane, cudaStream_t stream) {
    cudaArray_t array = nullptr;
    const cudaError_t found = cudaGraphicsSubResourceGetMappedArray(&array, texture, 0, 0);
    if (found != cudaSuccess) return found;
    const size_t rowBytes = plane.width * plane.channels * elementBytes(plane.element);
    return cudaMemcpy2DToArrayAsync(array, 0, 0, plane.data, static_cast<size_t>(plane.stride), rowBytes,
                                    static_cast<size_t>(plane.height), cudaMemcpyDeviceToDevice, stream);
  }

  size_t count_;
  Registrations registrations_;
};

}  // namespace

bool drivesCurrentContext(Backend& backend) {
  constexpr int kAllDevices = 1;  // cudaGLDeviceListAll
  int devices[64];
  unsigned int count = 0;
  makeCurrent(backend);
  const cudaError_t asked = cudaGLGetDevices(&count, devices, 64, kAllDevices);
  cudaGetLastError();
  if (asked == cudaSuccess) return std::find(devices, devices + count, ordinalOf(backend)) != devices + count;
  // No answer is not a no where the context is NVIDIA's: registering then says why it cannot.
  const auto* vendor = reinterpret_cast<const char*>(gl::functions().GetString(gl::kVendor));
  return asked != cudaErrorNoDevice && vendor != nullptr && std::strstr(vendor, "NVIDIA");
}

std::unique_ptr<gl::MappedBuffer> mapBuffer(Backend& backend, gl::GLuint buffer, size_t bytes, gl::Access access) {
  return std::make_unique<CudaBuffer>(backend, buffer, bytes, access);
}

std::unique_ptr<gl::MappedTextures> mapTextures(Backend& backend, const std::vector<gl::GLuint>& textures) {
  return std::make_unique<CudaTextures>(backend, textures);
}

}  // namespace framelane::cuda
