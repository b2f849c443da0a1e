#include "binding/image_wrap.hpp"
#include "binding/media/arguments.hpp"
#include "binding/media/wraps.hpp"
#include "binding/plan_wrap.hpp"
#include "core/plan_run.hpp"

namespace framelane::binding {

/// A source with what turns its frames into images.
struct FrameSourceWrap::Reader {
  static constexpr int kSlots = 3;

  Reader(const PlanWrap& plan, media::Descriptor input, media::Section section, media::Backlog backlog)
      : device(plan.device()),
        shape(plan.plan()->input()),
        plans(*device),
        source(std::move(input), device->memory, shape, kSlots, section, backlog),
        queue(device->backend->makeQueue()),
        ready(device->backend->makeEvent()) {}

  /// The frame's time in seconds, or nothing at the end.
  std::optional<double> load(const std::shared_ptr<const BoundPlan>& plan, void* pixels) {
    const auto frame = source.next();
    if (!frame) return std::nullopt;
    plans.use(plan);
    {
      // The immediate API may still be using the image.
      const std::scoped_lock lock(device->immediateMutex);
      device->immediate->record(*ready);
    }
    queue->waitFor(*ready);
    run(*plan, frame->data, pixels);
    queue->wait();
    source.release(frame->slot);
    const media::Rational timeBase = source.stream().timeBase;
    return static_cast<double>(frame->pts) * static_cast<double>(timeBase.num) / static_cast<double>(timeBase.den);
  }

  void run(const BoundPlan& plan, std::span<const std::byte> frame, void* pixels) {
    if (plan.passthrough()) return queue->upload(pixels, frame.data(), frame.size());
    const void* input = frame.data();
    if (!device->backend->unified()) {
      if (!staging) staging = device->memory->take(MemoryKind::device, frame.size());
      queue->upload(staging.data(), input, frame.size());
      input = staging.data();
    }
    plans.run(*queue, input, pixels);
  }

  std::shared_ptr<Device> device;
  FrameShape shape;
  Block staging;
  PlanRun plans;
  media::FrameSource source;
  std::unique_ptr<Queue> queue;
  std::unique_ptr<Event> ready;
};

Napi::Function FrameSourceWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameSourceHandle",
                     {method<&FrameSourceWrap::next>("next"), method<&FrameSourceWrap::counts>("counts"),
                      method<&FrameSourceWrap::close>("close")});
}

FrameSourceWrap::FrameSourceWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    media::Descriptor input = descriptorArgument(info[0], "input");
    reader_ = std::make_shared<Reader>(unwrap<PlanWrap>(info[1], "a plan"), std::move(input), sectionArgument(info[3]),
                                       info[2].ToBoolean() ? media::Backlog::newest : media::Backlog::wait);
    thread_.emplace(info.Env(), "framelane reader", [reader = reader_] { reader->source.cancel(); });
    holds(Reader::kSlots * frameBytes(reader_->shape));
  });
}

void FrameSourceWrap::release() noexcept {
  thread_.reset();
  reader_.reset();
  holds(0);
}

Napi::Value FrameSourceWrap::next(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(reader_ != nullptr, "ERR_DISPOSED", "the reader has been closed");
  const auto& wrap = unwrap<PlanWrap>(info[0], "a plan");
  const auto image = unwrap<ImageWrap>(info[1], "an image").buffer();
  require(wrap.plan()->input() == reader_->shape, "ERR_INTERNAL", "the plan is for other frames than the source's");
  require(image->device() == reader_->device && wrap.device() == reader_->device, "ERR_DEVICE_MISMATCH",
          "image: expected one on " + reader_->device->backend->info().id);
  require(image->format() == wrap.plan()->output().format && image->size() == wrap.plan()->output().size(),
          "ERR_INTERNAL", "the plan is for other images");
  return thread_->run(env, info.This().As<Napi::Object>(),
                      [reader = reader_, plan = wrap.plan(), pixels = image->refill()]() -> PromiseThread::Result {
                        const auto seconds = reader->load(plan, pixels.data());
                        return [seconds](Napi::Env env) -> Napi::Value {
                          return seconds ? Napi::Number::New(env, *seconds) : env.Null();
                        };
                      });
}

Napi::Value FrameSourceWrap::counts(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(reader_ != nullptr, "ERR_DISPOSED", "the reader has been closed");
  const media::SourceCounters& counters = reader_->source.counters();
  auto result = Napi::Object::New(env);
  result["frames"] = Napi::Number::New(env, static_cast<double>(counters.frames.load(std::memory_order_relaxed)));
  result["dropped"] = Napi::Number::New(env, static_cast<double>(counters.dropped.load(std::memory_order_relaxed)));
  result["waiting"] = Napi::Number::New(env, static_cast<double>(reader_->source.waiting()));
  return result;
}

Napi::Value FrameSourceWrap::close(const Napi::CallbackInfo& info) {
  // A waiting next() ends as at the end of the file; then memory, threads and descriptors are freed.
  if (reader_) reader_->source.cancel();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      reader_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
