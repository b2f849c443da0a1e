#pragma once
// Several frames under way on a device with memory of its own: one uploads while another computes and a third downloads.
#include <array>
#include <vector>

#include "media/executor.hpp"

namespace framelane::media {

class Lanes final : public Executor {
 public:
  /// `count` frames, and as many slots of each of the `outputs`. What only passes frames through gets none.
  Lanes(Device& device, size_t outputs, int count);
  /// Waits for the device. Nobody may wait for an event any more.
  ~Lanes() override;

  std::shared_ptr<const PlanSet> bind(Plans plans) override;
  void begin(std::span<const std::byte> frame, std::shared_ptr<const PlanSet> set) override;
  Event* run(size_t index, int slot, std::span<std::byte> destination) override;
  FoundResults found(size_t index, int slot) const override { return foundIn(run_.current(), index, slot); }
  void end() override;

 private:
  struct Input {
    Block memory;
    std::unique_ptr<Event> uploaded;
    std::unique_ptr<Event> consumed;  // by every output of the frame
    auto events() { return std::array{&uploaded, &consumed}; }
  };
  struct Output {
    Block memory;
    std::unique_ptr<Event> computed, downloaded;
    std::shared_ptr<const PlanSet> set;  // by which it is computed, until the slot is used again
    auto events() { return std::array{&computed, &downloaded}; }
  };

  template <class Lane>
  void makeLanes(std::vector<Lane>& lanes, const FrameShape& shape);
  const Input& upload();

  Device& device_;
  size_t count_;
  PlanRun run_;
  // Both are filled before the first set that needs them is handed over, and stay as they are.
  std::vector<Input> inputs_;
  std::vector<std::vector<Output>> outputs_;  // by slot
  std::unique_ptr<Queue> upload_, compute_, download_;
  std::span<const std::byte> frame_;
  size_t current_ = 0;     // in inputs_
  bool uploaded_ = false;  // the frame, for its first output that is computed
  bool computed_ = false;  // an output of it
};

}  // namespace framelane::media
