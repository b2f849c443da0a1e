#pragma once
// Several frames under way on a device with memory of its own: one uploads while another computes and a third downloads.
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/plan.hpp"
#include "media/frame_sink.hpp"

namespace framelane::media {

class Lanes {
 public:
  Lanes(Device& device, const Plan& plan, int count, FrameSink& sink);
  ~Lanes();
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  /// Enqueues a frame's whole way on a lane that is free. `input` and `output` stay in use until the returned event.
  Event* enqueue(int lane, std::span<const std::byte> input, std::span<std::byte> output);

 private:
  struct Lane {
    Block input, output;
    std::unique_ptr<Event> uploaded, computed, downloaded;
  };

  const Plan& plan_;
  FrameSink& sink_;
  Block workspace_;  // one is enough: computing is in order
  std::vector<Lane> lanes_;
  std::unique_ptr<Queue> upload_, compute_, download_;
};

}  // namespace framelane::media
