#include "media/session.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/format_name.hpp"
#include "media/lanes.hpp"
#include "media/stopwatch.hpp"

namespace framelane::media {
namespace {

// Enough that reading, computing and writing overlap while one frame more waits on either side. More would only cost cache.
constexpr int kInputSlots = 4;
constexpr int kLanes = 3;
// A device's lane keeps its input slot until it is written, so the reader needs slots beyond those of the lanes.
constexpr int kInputSlotsWithLanes = kLanes + 3;
// The frame that waits until it is known when the next one comes.
constexpr int kLookAheadSlots = 1;

using Outputs = std::vector<Session::Output>;

bool looksAhead(const Session::Output& output) {
  const TimelineConfig& timeline = output.config.timeline;
  return timeline.constantRate.has_value() || timeline.start > 0;
}

int inputSlots(const Device& device, const Outputs& outputs) {
  const int lookAhead = std::ranges::any_of(outputs, looksAhead) ? kLookAheadSlots : 0;
  return (device.backend->unified() ? kInputSlots : kInputSlotsWithLanes) + lookAhead;
}

const FrameShape& inputShape(const Outputs& outputs) {
  require(!outputs.empty(), "ERR_INVALID_ARGUMENT", "outputs: expected at least one");
  const FrameShape& shape = outputs.front().config.plan->input();
  for (const auto& output : outputs)
    require(output.config.plan->input() == shape, "ERR_INVALID_ARGUMENT", "outputs: expected plans for the same input");
  return shape;
}

std::unique_ptr<Executor> makeExecutor(Device& device, size_t outputs) {
  if (device.backend->unified()) return std::make_unique<HostExecutor>(device, kLanes);
  return std::make_unique<Lanes>(device, outputs, kLanes);
}

}  // namespace

Session::Session(std::shared_ptr<Device> device, Descriptor input, Outputs outputs, Section section)
    : device_(std::move(device)),
      input_(inputShape(outputs)),
      source_(std::move(input), device_->memory, input_, inputSlots(*device_, outputs), section),
      executor_(makeExecutor(*device_, outputs.size())),
      lookAhead_(std::ranges::any_of(outputs, looksAhead)) {
  const int capacity = inputSlots(*device_, outputs);
  Plans plans;
  for (Output& output : outputs) {
    const int index = static_cast<int>(outputs_.size());
    outputs_.push_back(std::make_unique<SessionOutput>(output.config, device_->memory, std::move(output.descriptor),
                                                       kLanes, capacity, [this, index] { onFailure(index); }));
    plans.push_back(std::move(output.config.plan));
  }
  setPlans(std::move(plans));
}

void Session::requireFitting(const Plans& plans) const {
  require(plans.size() == outputs_.size(), "ERR_INVALID_ARGUMENT",
          "plans: expected " + std::to_string(outputs_.size()) + ", one for each output, received " +
              std::to_string(plans.size()));
  const auto fits = [](size_t index, const char* what, const FrameShape& expected, const FrameShape& received) {
    require(expected == received, "ERR_INVALID_ARGUMENT",
            "plans[" + std::to_string(index) + "]: expected " + what + " of " + fullShapeName(expected) +
                ", received " + fullShapeName(received));
  };
  for (size_t i = 0; i < plans.size(); i++) {
    fits(i, "input", input_, plans[i]->input());
    fits(i, "output", outputs_[i]->shape(), plans[i]->output());
  }
}

uint64_t Session::setPlans(Plans plans) {
  requireFitting(plans);
  for (size_t i = 0; i < plans.size(); i++)
    if (!plans[i]->passthrough()) outputs_[i]->makeSlots();
  auto set = executor_->bind(std::move(plans));
  const std::scoped_lock lock(setMutex_);
  set_.swap(set);  // so that the old set is destroyed without the lock
  return begun_;
}

std::shared_ptr<const PlanSet> Session::nextSet() {
  const std::scoped_lock lock(setMutex_);
  begun_++;
  return set_;
}

void Session::abort() noexcept {
  source_.cancel();
  for (const auto& output : outputs_) output->abort();
}

void Session::onFailure(int output) noexcept {
  int none = -1;
  failedOutput_.compare_exchange_strong(none, output, std::memory_order_acq_rel);
  abort();
}

bool Session::run() {
  try {
    pump();
    for (const auto& output : outputs_) output->sink().end();
    for (const auto& output : outputs_) output->sink().finish();
  } catch (...) {
    abort();
    for (const auto& output : outputs_) output->sink().stop();
    rethrow();
  }
  return source_.ended();
}

/// The error of the output that failed first, because the other errors follow from it.
void Session::rethrow() {
  const int failed = failedOutput();
  if (failed < 0) throw;
  try {
    outputs_[failed]->sink().finish();
  } catch (const Error& error) {
    if (outputs_.size() == 1) throw;
    fail(error.code(), "outputs[" + std::to_string(failed) + "]: " + error.what());
  }
  throw;
}

std::optional<FrameSource::Item> Session::nextInput() {
  Stopwatch watch(inputWait_);
  return source_.next();
}

void Session::pump() {
  auto frame = nextInput();
  if (!frame) return;
  for (const auto& output : outputs_) output->open(source_.stream());
  while (frame) {
    auto next = lookAhead_ ? nextInput() : std::nullopt;
    const auto nextPts = next ? std::optional(next->pts) : std::nullopt;
    if (!show(*frame, nextPts)) break;
    frame = lookAhead_ ? next : nextInput();
  }
  source_.cancel();
}

/// False when no output needs more frames.
bool Session::show(const FrameSource::Item& frame, std::optional<int64_t> nextPts) {
  bool going = false;
  const auto set = nextSet();
  executor_->begin(frame.data, set);
  for (size_t i = 0; i < outputs_.size(); i++) {
    SessionOutput& output = *outputs_[i];
    if (output.done()) continue;
    const Timeline::Ticks ticks = output.show(frame.pts, nextPts);
    if (ticks.count > 0) {
      const bool taken = set->computes(i) ? output.compute(*executor_, i, source_, frame, ticks)
                                          : output.forward(source_, frame, ticks);
      if (!taken) return false;
    }
    if (output.done()) output.sink().end();
    going |= !output.done();
  }
  executor_->end();
  source_.release(frame.slot);
  return going;
}

SessionStats Session::stats() const {
  const SourceCounters& source = source_.counters();
  SessionStats stats{source.frames.load(std::memory_order_relaxed),
                     executor_->passes(),
                     source_.waiting(),
                     source.read.read(),
                     source.slotWait.read(),
                     inputWait_.read(),
                     {}};
  for (const auto& output : outputs_) stats.outputs.push_back(output->stats());
  return stats;
}

}  // namespace framelane::media
