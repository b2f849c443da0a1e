// Pixels to and from OpenGL by way of host memory: all there is on the CPU, and the way of a GPU that does not run the context.
#include "core/error.hpp"
#include "gl/resource.hpp"
#include "gl/saved_state.hpp"

namespace framelane::gl {

namespace {

class HostBuffer final : public MappedBuffer {
 public:
  HostBuffer(Device& device, GLuint buffer, size_t bytes, Access access)
      : buffer_(buffer),
        bytes_(bytes),
        access_(access),
        target_(access == Access::write ? kPixelUnpackBuffer : kPixelPackBuffer) {
    if (!device.backend->unified()) staging_ = device.memory->take(MemoryKind::device, bytes);
  }

  void* map(Queue& queue) override {
    if (!staging_) return open();
    if (access_ == Access::read) {
      const Opened opened(*this);
      queue.upload(staging_.data(), opened.data, bytes_);
      queue.wait();
    }
    return staging_.data();
  }

  void unmap(Queue& queue) override {
    if (!staging_) return close();
    if (access_ == Access::read) return;
    const Opened opened(*this);
    queue.download(opened.data, staging_.data(), bytes_);
    queue.wait();
  }

  bool shared() const override { return false; }

 private:
  /// Closes what a failed transfer would leave mapped.
  struct Opened {
    explicit Opened(HostBuffer& buffer) : buffer(buffer), data(buffer.open()) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { buffer.close(); }
    HostBuffer& buffer;
    void* data;
  };

  /// The driver gives fresh memory where it still reads the old, so writing waits for nothing.
  void* open() {
    const Functions& gl = functions();
    require(gl.IsBuffer(buffer_), "ERR_DISPOSED", "the buffer has been deleted; free the resource before it");
    const BoundBuffer bound(gl, target_, buffer_);
    const GLbitfield flags = access_ == Access::write ? kMapWriteBit | kMapInvalidateBufferBit : kMapReadBit;
    void* data = gl.MapBufferRange(target_, 0, static_cast<GLsizeiptr>(bytes_), flags);
    if (data != nullptr) return data;
    gl.GetError();
    fail("ERR_INVALID_ARGUMENT", "the buffer cannot be mapped: it is mapped already, or smaller than the " +
                                     std::to_string(bytes_) + " bytes it had when the resource was made");
  }

  /// A store that was lost meanwhile (a change of the display mode) is filled again by the next frame.
  void close() {
    const Functions& gl = functions();
    const BoundBuffer bound(gl, target_, buffer_);
    gl.UnmapBuffer(target_);
  }

  GLuint buffer_;
  size_t bytes_;
  Access access_;
  GLenum target_;
  Block staging_;
};

GLenum formatOf(const Plane& plane) { return plane.channels == 1 ? kRed : kRgba; }

GLenum typeOf(const Plane& plane) {
  return plane.element == Element::u8 ? kUnsignedByte : plane.element == Element::u16 ? kUnsignedShort : kFloat;
}

class HostTextures final : public MappedTextures {
 public:
  HostTextures(Device& device, const std::vector<GLuint>& textures) : device_(device), textures_(textures) {}

  void copyFrom(Queue& queue, const Frame& frame) override {
    const Frame onHost = device_.backend->unified() ? frame : download(queue, frame);
    const Functions& gl = functions();
    const BoundBuffer fromMemory(gl, kPixelUnpackBuffer, 0);
    const TightRows tight(gl, true);
    for (size_t i = 0; i < textures_.size(); i++) {
      require(gl.IsTexture(textures_[i]), "ERR_DISPOSED", "the texture has been deleted; free the resource before it");
      const Plane& plane = onHost.planes[i];
      const BoundTexture bound(gl, textures_[i]);
      gl.TexSubImage2D(kTexture2D, 0, 0, 0, plane.width, plane.height, formatOf(plane), typeOf(plane), plane.data);
    }
  }

  bool shared() const override { return false; }

 private:
  Frame download(Queue& queue, const Frame& frame) {
    const size_t bytes = frameBytes(frame.shape);
    if (staging_.bytes() < bytes) staging_ = device_.memory->take(MemoryKind::host, bytes);
    queue.download(staging_.data(), frame.planes[0].data, bytes);
    queue.wait();
    return frameAt(staging_.data(), frame.shape);
  }

  Device& device_;
  std::vector<GLuint> textures_;
  Block staging_;
};

}  // namespace

std::unique_ptr<MappedBuffer> mapBufferOnHost(Device& device, GLuint buffer, size_t bytes, Access access) {
  return std::make_unique<HostBuffer>(device, buffer, bytes, access);
}

std::unique_ptr<MappedTextures> mapTexturesOnHost(Device& device, const std::vector<GLuint>& textures) {
  return std::make_unique<HostTextures>(device, textures);
}

}  // namespace framelane::gl
