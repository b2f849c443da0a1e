#include "media/lanes.hpp"

namespace framelane::media {

namespace {

/// A replay of three takes 3 to 6 % less time at 1080p than enqueueing them, of one 2 % more (bench operations, H200).
constexpr size_t kReplayLaunches = 3;

}  // namespace

Lanes::Lanes(Device& device, size_t outputs, int count)
    : device_(device),
      count_(static_cast<size_t>(count)),
      run_(device),
      outputs_(outputs),
      upload_(device.backend->makeQueue()),
      compute_(device.backend->makeQueue()),
      download_(device.backend->makeQueue()) {
  run_.replayFrom(kReplayLaunches);
}

Lanes::~Lanes() {
  // After an error or abort() the queues may still use the memory.
  for (Queue* queue : {upload_.get(), compute_.get(), download_.get()}) {
    try {
      queue->wait();
    } catch (...) {
      // The device's failure was reported where the frame was enqueued or waited for.
    }
  }
}

template <class Lane>
void Lanes::makeLanes(std::vector<Lane>& lanes, const FrameShape& shape) {
  if (!lanes.empty()) return;
  std::vector<Lane> made(count_);
  for (Lane& lane : made) {
    lane.memory = device_.memory->take(MemoryKind::device, frameBytes(shape));
    for (auto event : lane.events()) *event = device_.backend->makeEvent();
  }
  lanes = std::move(made);
}

std::shared_ptr<const PlanSet> Lanes::bind(Plans plans) {
  for (size_t i = 0; i < plans.size(); i++) {
    if (plans[i]->passthrough()) continue;
    makeLanes(inputs_, plans[i]->input());
    makeLanes(outputs_[i], plans[i]->output());
  }
  return run_.bindAside(std::move(plans), count_);
}

void Lanes::begin(std::span<const std::byte> frame, std::shared_ptr<const PlanSet> set) {
  frame_ = frame;
  uploaded_ = false;
  computed_ = false;
  if (set != run_.current()) {
    run_.use(std::move(set));
    for (Queue* queue : {upload_.get(), compute_.get()}) queue->waitFor(*run_.current()->ready);
  }
  run_.beginFrame(*compute_, run_.remembers() ? upload().memory.data() : nullptr);
}

const Lanes::Input& Lanes::upload() {
  if (uploaded_) return inputs_[current_];
  uploaded_ = true;
  current_ = (current_ + 1) % inputs_.size();
  const Input& input = inputs_[current_];
  upload_->waitFor(*input.consumed);
  upload_->upload(input.memory.data(), frame_.data(), frame_.size());
  upload_->record(*input.uploaded);
  compute_->waitFor(*input.uploaded);
  return input;
}

Event* Lanes::run(size_t index, int slot, std::span<std::byte> destination) {
  const Input& input = upload();
  Output& output = outputs_[index][slot];
  computed_ = true;
  output.set = run_.current();
  passes_ += run_.run(*compute_, index, input.memory.data(), output.memory.data());
  // The next frame's results take the place of these.
  const ResultMemory& results = output.set->results[index];
  const auto place = static_cast<size_t>(slot);
  if (results.bytes > 0) compute_->copy(results.deviceAt(place), run_.results(index), results.bytes);
  compute_->record(*output.computed);
  download_->waitFor(*output.computed);
  download_->download(destination.data(), output.memory.data(), destination.size());
  if (results.bytes > 0) download_->download(results.hostAt(place), results.deviceAt(place), results.bytes);
  download_->record(*output.downloaded);
  return output.downloaded.get();
}

void Lanes::end() {
  if (!uploaded_) return;
  const Input& input = inputs_[current_];
  compute_->record(*input.consumed);
  if (!computed_) input.uploaded->wait();  // there is no output that waits for the device to have read the frame
}

}  // namespace framelane::media
