#pragma once
// OpenGL objects that the pixels of a device go to and come from. Each belongs to the context that is current when it is made,
// and its calls need that context.
#include <cstddef>
#include <memory>
#include <vector>

#include "core/device.hpp"
#include "gl/functions.hpp"

namespace framelane::gl {

enum class Access { write, read };

/// A buffer object as memory of a device.
class MappedBuffer {
 public:
  MappedBuffer() = default;
  MappedBuffer(const MappedBuffer&) = delete;
  MappedBuffer& operator=(const MappedBuffer&) = delete;
  virtual ~MappedBuffer() = default;
  /// Device memory of the whole buffer. Until unmap() OpenGL must leave the buffer alone; to be written, it loses what it held.
  virtual void* map(Queue& queue) = 0;
  /// What was enqueued before it happens before the OpenGL commands that follow.
  virtual void unmap(Queue& queue) = 0;
  /// Whether the pixels stay on the device.
  virtual bool shared() const = 0;
};

/// Textures as the planes of a frame.
class MappedTextures {
 public:
  MappedTextures() = default;
  MappedTextures(const MappedTextures&) = delete;
  MappedTextures& operator=(const MappedTextures&) = delete;
  virtual ~MappedTextures() = default;
  /// The frame, in device memory, has a plane for each texture, of its size. OpenGL commands that follow see it.
  virtual void copyFrom(Queue& queue, const Frame& frame) = 0;
  virtual bool shared() const = 0;
};

/// Shared with the device where the context is on it, else by way of the host.
std::unique_ptr<MappedBuffer> mapBuffer(Device& device, GLuint buffer, size_t bytes, Access access);
std::unique_ptr<MappedTextures> mapTextures(Device& device, const std::vector<GLuint>& textures);

/// The same by way of the host (host_resource.cpp).
std::unique_ptr<MappedBuffer> mapBufferOnHost(Device& device, GLuint buffer, size_t bytes, Access access);
std::unique_ptr<MappedTextures> mapTexturesOnHost(Device& device, const std::vector<GLuint>& textures);

/// Maps until it ends; end() reports what the destructor must swallow.
class Mapping {
 public:
  Mapping(MappedBuffer& buffer, Queue& queue) : buffer_(buffer), queue_(queue), data_(buffer.map(queue)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();
  void* data() const { return data_; }
  void end();

 private:
  MappedBuffer& buffer_;
  Queue& queue_;
  void* data_;
};

}  // namespace framelane::gl
