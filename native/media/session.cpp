#include "media/session.hpp"

#include "media/lanes.hpp"
#include "media/stopwatch.hpp"

namespace framelane::media {
namespace {

// Enough that reading, computing and writing overlap while one frame more waits on either side. More would only cost cache.
constexpr int kInputSlots = 4;
constexpr int kLanes = 3;
// A device's lane keeps its input slot until it is written, so the reader needs slots beyond those of the lanes.
constexpr int kInputSlotsWithLanes = kLanes + 3;

bool usesLanes(const SessionConfig& config) {
  return !config.plan->passthrough() && !config.device->backend->unified();
}

}  // namespace

Session::Session(const SessionConfig& config, Descriptor input, Descriptor output)
    : config_(config),
      source_(std::move(input), config.device->memory, config.plan->input(),
              usesLanes(config) ? kInputSlotsWithLanes : kInputSlots),
      sink_(std::move(output), kInputSlotsWithLanes, [this] { source_.cancel(); }) {
  if (!config_.plan->passthrough()) outputs_.emplace(config_.device->memory, kLanes, frameBytes(config_.plan->output()));
}

void Session::abort() noexcept {
  source_.cancel();
  sink_.cancel();
  if (outputs_) outputs_->free().discard();
}

void Session::run() {
  try {
    auto first = nextInput();
    if (first) {
      NutStream stream = source_.stream();
      const FrameShape& output = config_.plan->output();
      stream.format = output.format;
      stream.width = output.width;
      stream.height = output.height;
      sink_.start(stream, config_.frameRate);
      if (config_.plan->passthrough()) {
        forwardFrames(first);
      } else if (config_.device->backend->unified()) {
        processOnHost(first);
      } else {
        processOnDevice(first);
      }
      sink_.finish();
    }  // else FFmpeg is left waiting: the end of nothing would only make it complain
  } catch (...) {
    abort();
    throw;
  }
}

std::optional<FrameSource::Item> Session::nextInput() {
  Stopwatch watch(inputWaitNs_);
  return source_.next();
}

std::optional<int> Session::nextOutput() {
  Stopwatch watch(outputWaitNs_);
  return outputs_->free().pop();
}

void Session::forwardFrames(std::optional<FrameSource::Item> frame) {
  for (; frame; frame = nextInput()) {
    Stopwatch watch(outputWaitNs_);
    if (!sink_.push({frame->data, frame->pts, nullptr, {source_.returnOf(frame->slot), {}}})) return;
  }
}

void Session::processOnHost(std::optional<FrameSource::Item> frame) {
  const auto queue = config_.device->backend->makeQueue();
  const Block workspace = config_.device->memory->take(MemoryKind::device, config_.plan->workspaceBytes());
  for (; frame; frame = nextInput()) {
    const auto output = nextOutput();
    if (!output) return;
    const auto data = outputs_->data(*output);
    {
      Stopwatch watch(processNs_);
      config_.plan->run(*queue, frame->data.data(), data.data(), workspace.data());
      queue->wait();
    }
    source_.release(frame->slot);
    if (!sink_.push({data, frame->pts, nullptr, {{&outputs_->free(), *output}, {}}})) return;
  }
}

void Session::processOnDevice(std::optional<FrameSource::Item> frame) {
  const Plan& plan = *config_.plan;
  Lanes lanes(*config_.device, plan, kLanes, sink_);
  for (; frame; frame = nextInput()) {
    const auto output = nextOutput();
    if (!output) break;
    const auto data = outputs_->data(*output);
    Event* downloaded;
    {
      Stopwatch watch(processNs_);
      downloaded = lanes.enqueue(*output, frame->data, data);
    }
    if (!sink_.push({data, frame->pts, downloaded, {source_.returnOf(frame->slot), {&outputs_->free(), *output}}})) break;
  }
  sink_.finish();  // the writer waits for the lanes' events
}

SessionStats Session::stats() const {
  const auto load = [](const std::atomic<uint64_t>& value) { return value.load(std::memory_order_relaxed); };
  return {load(source_.counters().frames), load(sink_.counters().frames),   load(source_.counters().readNs),
          load(source_.counters().slotWaitNs), load(inputWaitNs_),         load(processNs_),
          load(outputWaitNs_),             load(sink_.counters().waitNs),  load(sink_.counters().writeNs)};
}

}  // namespace framelane::media
