#include "media/lanes.hpp"

namespace framelane::media {

Lanes::Lanes(Device& device, const Plans& plans, int count)
    : plans_(plans),
      workspace_(device.memory->take(MemoryKind::device, workspaceBytes(plans))),
      outputs_(plans.size()),
      upload_(device.backend->makeQueue()),
      compute_(device.backend->makeQueue()),
      download_(device.backend->makeQueue()) {
  const auto take = [&](const FrameShape& shape) { return device.memory->take(MemoryKind::device, frameBytes(shape)); };
  const auto event = [&] { return device.backend->makeEvent(); };
  for (int i = 0; i < count; i++) {
    inputs_.push_back({take(plans.front()->input()), event(), event()});
    for (size_t p = 0; p < plans.size(); p++)
      if (!plans[p]->passthrough()) outputs_[p].push_back({take(plans[p]->output()), event(), event()});
  }
  // Pooled memory and the images of a blend may still be in use by the immediate API, whose queue is another one.
  const std::scoped_lock lock(device.immediateMutex);
  device.immediate->wait();
}

Lanes::~Lanes() {
  // After an error or abort() the queues may still use the memory.
  for (Queue* queue : {upload_.get(), compute_.get(), download_.get()}) {
    try {
      queue->wait();
    } catch (...) {
      // Whoever enqueued or waited for the frame has reported the device's failure.
    }
  }
}

void Lanes::begin(std::span<const std::byte> frame) {
  frame_ = frame;
  uploaded_ = false;
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
  const Output& output = outputs_[index][slot];
  plans_[index]->run(*compute_, input.memory.data(), output.memory.data(), workspace_.data());
  compute_->record(*output.computed);
  download_->waitFor(*output.computed);
  download_->download(destination.data(), output.memory.data(), destination.size());
  download_->record(*output.downloaded);
  return output.downloaded.get();
}

void Lanes::end() {
  if (uploaded_) compute_->record(*inputs_[current_].consumed);
}

}  // namespace framelane::media
