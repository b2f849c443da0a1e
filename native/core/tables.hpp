#pragma once
// Constant tables of a prepared stage on a device with memory of its own: a few blocks that all of them share, filled by
// the queue of the immediate API, so that nothing waits. Another queue that runs the stage must wait for that queue.
#include <memory>
#include <optional>
#include <vector>

#include "core/device.hpp"

namespace framelane {

class Tables {
 public:
  explicit Tables(Device& device) : device_(device) {}
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
  ~Tables();

  /// The address on the device; its content is there once what upload() enqueues is done.
  template <class T>
  const T* add(const std::vector<T>& content) {
    return static_cast<const T*>(add(content.data(), content.size() * sizeof(T)));
  }
  /// Once, when every table has been added.
  void upload();
  size_t bytes() const;

 private:
  struct Chunk {
    Block device, host;  // of the memory pool, where the tables are large or many
    std::optional<TablePool::Chunk> small;
    size_t bytes = 0;
    size_t used = 0;
    void* deviceData() const { return small ? small->device : device.data(); }
    void* hostData() const { return small ? small->host : host.data(); }
  };
  Chunk makeChunk(size_t bytes);
  const void* add(const void* content, size_t bytes);
  Device& device_;
  std::vector<Chunk> chunks_;
  std::unique_ptr<Event> uploaded_;
};

}  // namespace framelane
