#include "binding/image_wrap.hpp"
#include "binding/media/arguments.hpp"
#include "binding/media/wraps.hpp"
#include "binding/plan_wrap.hpp"
#include "binding/shape.hpp"
#include "core/format_name.hpp"
#include "core/plan_run.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

/// A source with what turns its frames into images.
struct FrameSourceWrap::Reader {
  static constexpr int kSlots = 3;

  Reader(std::shared_ptr<Device> on, const FrameShape& frames, media::Descriptor input, media::Section section,
         media::Backlog backlog)
      : device(std::move(on)),
        shape(frames),
        plans(*device),
        source(std::move(input), device->memory, shape, kSlots, section, backlog),
        queue(device->backend->makeQueue()) {}

  /// The frame's time in seconds, or nothing at the end. Without a plan the pixels are the frame's own bytes.
  std::optional<double> load(const std::shared_ptr<const BoundPlan>& plan, void* pixels) {
    const auto frame = source.next();
    if (!frame) return std::nullopt;
    device->immediate->precede(*queue);  // it may still be using the image
    if (plan && !plan->passthrough())
      run(plan, frame->data, pixels);
    else
      queue->upload(pixels, frame->data.data(), frame->data.size());
    queue->wait();
    source.release(frame->slot);
    const media::Rational timeBase = source.stream().timeBase;
    return static_cast<double>(frame->pts) * static_cast<double>(timeBase.num) / static_cast<double>(timeBase.den);
  }

  void run(const std::shared_ptr<const BoundPlan>& plan, std::span<const std::byte> frame, void* pixels) {
    plans.use(plan);
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
};

Napi::Function FrameSourceWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameSourceHandle",
                     {method<&FrameSourceWrap::next>("next"), method<&FrameSourceWrap::counts>("counts"),
                      method<&FrameSourceWrap::close>("close")});
}

FrameSourceWrap::FrameSourceWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    media::Descriptor input = descriptorArgument(info[0], "input");
    reader_ = std::make_shared<Reader>(openDevice(info[1].ToString()), readShape(info[2]), std::move(input),
                                       sectionArgument(info[4]),
                                       info[3].ToBoolean() ? media::Backlog::newest : media::Backlog::wait);
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
  const auto image = unwrap<ImageWrap>(info[0], "an image").buffer();
  const PlanWrap* const wrap = info[1].IsUndefined() ? nullptr : &unwrap<PlanWrap>(info[1], "a plan");
  require(image->device() == reader_->device && (!wrap || wrap->device() == reader_->device), "ERR_DEVICE_MISMATCH",
          "image: expected one on " + reader_->device->backend->info().id);
  const std::shared_ptr<const BoundPlan> plan = wrap ? wrap->plan() : nullptr;
  require(!plan || plan->input() == reader_->shape, "ERR_INTERNAL", "the plan is for other frames than the source's");
  const FrameShape& made = plan ? plan->output() : reader_->shape;
  require(image->format() == made.format && image->size() == made.size(), "ERR_INVALID_ARGUMENT",
          "image: expected " + shapeName(made) + ", received " + shapeName(image->shape()));
  return thread_->run(env, info.This().As<Napi::Object>(),
                      [reader = reader_, plan, pixels = image->refill()]() -> PromiseThread::Result {
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
