#pragma once
// Small blocks for the tables of prepared filters, made when a device with memory of its own is opened: asking the driver for
// device or pinned memory takes up to milliseconds, which a slider would show.
#include <mutex>
#include <optional>
#include <vector>

#include "core/backend.hpp"

namespace framelane {

class TablePool {
 public:
  static constexpr size_t kChunkBytes = 128 << 10;  // a wide blur of a 1080p frame takes 90 KiB

  /// As long as the process: nothing is ever given back to the system.
  void open(Backend& backend);
  struct Chunk {
    void* device = nullptr;
    void* host = nullptr;
  };
  /// None where all are in use.
  std::optional<Chunk> take();
  void give(Chunk chunk);

 private:
  std::mutex mutex_;
  std::vector<Chunk> free_;
};

}  // namespace framelane
