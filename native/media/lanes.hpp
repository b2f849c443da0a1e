#pragma once
// Several frames under way on a device with memory of its own: one uploads while another computes and a third downloads.
#include "media/executor.hpp"

namespace framelane::media {

class Lanes final : public Executor {
 public:
  /// `count` frames, and as many slots of each output. Plans that pass frames through have none.
  Lanes(Device& device, const Plans& plans, int count);
  /// Waits for the device. Nobody may wait for an event any more.
  ~Lanes() override;

  void begin(std::span<const std::byte> frame) override;
  Event* run(size_t index, int slot, std::span<std::byte> destination) override;
  void end() override;

 private:
  struct Input {
    Block memory;
    std::unique_ptr<Event> uploaded;
    std::unique_ptr<Event> consumed;  // by every output of the frame
  };
  struct Output {
    Block memory;
    std::unique_ptr<Event> computed, downloaded;
  };

  const Input& upload();

  Plans plans_;
  Block workspace_;  // one is enough: computing is in order
  std::vector<Input> inputs_;
  std::vector<std::vector<Output>> outputs_;  // of each plan, by slot
  std::unique_ptr<Queue> upload_, compute_, download_;
  std::span<const std::byte> frame_;
  size_t current_ = 0;     // in inputs_
  bool uploaded_ = false;  // the frame, for its first output that is computed
};

}  // namespace framelane::media
