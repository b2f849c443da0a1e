#pragma once
// Where the frames between passes lie: frames that are never alive together share memory.
#include <cstddef>
#include <vector>

namespace framelane {

class Workspace {
 public:
  static constexpr size_t kAlignment = 256;
  static constexpr size_t align(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

  /// A frame that pass `writer` writes; its number.
  size_t add(size_t bytes, size_t writer) {
    frames_.push_back({align(bytes), writer, writer, 0});
    return frames_.size() - 1;
  }
  /// The frame added last, which lies elsewhere after all.
  void forget(size_t frame) { frames_[frame].bytes = 0; }
  void readBy(size_t frame, size_t pass) { frames_[frame].last = pass; }
  /// Gives every frame its offset, the lowest that is free while it lives. Passes were numbered in order.
  void place();
  size_t offset(size_t frame) const { return frames_[frame].offset; }
  size_t bytes() const { return bytes_; }

 private:
  struct Frame {
    size_t bytes;
    size_t first, last;  // passes
    size_t offset;
  };
  std::vector<Frame> frames_;
  size_t bytes_ = 0;
};

}  // namespace framelane
