#include "media/lanes.hpp"

namespace framelane::media {

Lanes::Lanes(Device& device, const Plan& plan, int count, FrameSink& sink)
    : plan_(plan),
      sink_(sink),
      workspace_(device.memory->take(MemoryKind::device, plan.workspaceBytes())),
      upload_(device.backend->makeQueue()),
      compute_(device.backend->makeQueue()),
      download_(device.backend->makeQueue()) {
  for (int i = 0; i < count; i++)
    lanes_.push_back({device.memory->take(MemoryKind::device, frameBytes(plan.input())),
                      device.memory->take(MemoryKind::device, frameBytes(plan.output())), device.backend->makeEvent(),
                      device.backend->makeEvent(), device.backend->makeEvent()});
  // Pooled memory and the images of a blend may still be in use by the immediate API, whose queue is another one.
  const std::scoped_lock lock(device.immediateMutex);
  device.immediate->wait();
}

Lanes::~Lanes() {
  // After an error or abort() the writer may still wait for an event, and the queues may still use the memory.
  sink_.stop();
  for (Queue* queue : {upload_.get(), compute_.get(), download_.get()}) {
    try {
      queue->wait();
    } catch (...) {
      // Whoever enqueued or waited for the frame has reported the device's failure.
    }
  }
}

Event* Lanes::enqueue(int index, std::span<const std::byte> input, std::span<std::byte> output) {
  Lane& lane = lanes_[index];
  upload_->upload(lane.input.data(), input.data(), input.size());
  upload_->record(*lane.uploaded);
  compute_->waitFor(*lane.uploaded);
  plan_.run(*compute_, lane.input.data(), lane.output.data(), workspace_.data());
  compute_->record(*lane.computed);
  download_->waitFor(*lane.computed);
  download_->download(output.data(), lane.output.data(), output.size());
  download_->record(*lane.downloaded);
  return lane.downloaded.get();
}

}  // namespace framelane::media
