#pragma once
// The last frames of an input, in device memory: a ring of copies.
#include <algorithm>
#include <vector>

#include "core/device.hpp"

namespace framelane {

class History {
 public:
  /// For so many frames before the one that is added last.
  History(Device& device, const FrameShape& shape, int previous) : bytes_(frameBytes(shape)) {
    for (int i = 0; i <= previous; i++) frames_.push_back(device.memory->take(MemoryKind::device, bytes_));
  }

  int previous() const { return static_cast<int>(frames_.size()) - 1; }
  bool empty() const { return count_ == 0; }
  /// What came before is forgotten.
  void clear() { count_ = 0; }
  /// Enqueues the copy; the frame added first is overwritten where the ring is full.
  void add(Queue& queue, const void* frame) {
    queue.copy(frames_[count_ % frames_.size()].data(), frame, bytes_);
    count_++;
  }
  /// The frame so many before the one added last; the first one where it does not reach that far.
  const void* before(int previous) const {
    const size_t back = std::min({static_cast<size_t>(previous), count_ - 1, frames_.size() - 1});
    return frames_[(count_ - 1 - back) % frames_.size()].data();
  }

 private:
  size_t bytes_;
  std::vector<Block> frames_;
  size_t count_ = 0;
};

}  // namespace framelane
