#include "core/workspace.hpp"

#include <algorithm>

namespace framelane {

void Workspace::place() {
  for (size_t i = 0; i < frames_.size(); i++) {
    Frame& frame = frames_[i];
    std::vector<const Frame*> alive;  // of those placed, by offset
    for (size_t k = 0; k < i; k++)
      if (frames_[k].last >= frame.first) alive.push_back(&frames_[k]);
    std::sort(alive.begin(), alive.end(), [](const Frame* a, const Frame* b) { return a->offset < b->offset; });
    for (const Frame* other : alive)
      if (frame.offset < other->offset + other->bytes && other->offset < frame.offset + frame.bytes)
        frame.offset = other->offset + other->bytes;
    bytes_ = std::max(bytes_, frame.offset + frame.bytes);
  }
}

}  // namespace framelane
