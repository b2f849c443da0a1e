#include "media/session_output.hpp"

#include <utility>

#include "media/stopwatch.hpp"

namespace framelane::media {

SessionOutput::SessionOutput(const OutputConfig& config, std::shared_ptr<MemoryPool> memory, Descriptor descriptor,
                             int slots, int capacity, std::function<void()> onFailure)
    : shape_(config.plan->output()),
      config_(config.timeline),
      memory_(std::move(memory)),
      slotCount_(slots),
      sink_(std::move(descriptor), capacity, std::move(onFailure)) {}

void SessionOutput::makeSlots() {
  if (slots_) return;
  auto slots = std::make_unique<SlotPool>(memory_, slotCount_, frameBytes(shape_));
  const std::scoped_lock lock(slotsMutex_);
  slots_ = std::move(slots);
  if (aborted_) slots_->discard();
}

void SessionOutput::open(const NutStream& input) {
  timeline_.emplace(config_, input.timeBase, counters_);
  stream_ = {shape_.format, shape_.width, shape_.height, timeline_->timeBase(), input.sampleAspect};
}

bool SessionOutput::forward(FrameSource& source, const FrameSource::Item& frame, Timeline::Ticks ticks) {
  Stopwatch watch(outputWait_);
  return push({frame.data, ticks.first, ticks.count, nullptr, {source.share(frame.slot), {}}, {}});
}

std::optional<int> SessionOutput::takeSlot() {
  Stopwatch watch(outputWait_);
  return slots_->take();
}

bool SessionOutput::compute(Executor& executor, size_t index, FrameSource& source, const FrameSource::Item& frame,
                            Timeline::Ticks ticks) {
  const auto slot = takeSlot();
  if (!slot) return false;
  const auto data = slots_->data(*slot);
  Event* ready;
  {
    Stopwatch watch(process_);
    ready = executor.run(index, *slot, data);
  }
  // Until the event the device may still be reading the frame.
  const SlotReturn inUse = ready ? source.share(frame.slot) : SlotReturn{};
  return push({data, ticks.first, ticks.count, ready, {inUse, {slots_.get(), *slot}}, executor.found(index, *slot)});
}

bool SessionOutput::push(const FrameSink::Item& item) {
  if (!started_) {
    sink_.start(stream_, config_.constantRate.value_or(config_.frameRate));
    started_ = true;
  }
  return sink_.push(item);
}

void SessionOutput::abort() noexcept {
  sink_.cancel();
  const std::scoped_lock lock(slotsMutex_);
  aborted_ = true;
  if (slots_) slots_->discard();
}

OutputStats SessionOutput::stats() const {
  const auto load = [](const std::atomic<uint64_t>& value) { return value.load(std::memory_order_relaxed); };
  const SinkCounters& sink = sink_.counters();
  return {load(sink.frames),       load(counters_.dropped), load(counters_.repeated),
          load(counters_.skipped), load(counters_.late),    counters_.lastTime.load(std::memory_order_relaxed),
          sink_.waiting(),         process_.read(),         outputWait_.read(),
          sink.deviceWait.read(),  sink.write.read()};
}

}  // namespace framelane::media
