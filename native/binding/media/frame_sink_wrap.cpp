#include "binding/image_wrap.hpp"
#include "binding/media/arguments.hpp"
#include "binding/media/wraps.hpp"
#include "binding/plan_wrap.hpp"
#include "core/plan_run.hpp"
#include "media/slots.hpp"

namespace framelane::binding {

/// A sink with what turns images into its frames.
struct FrameSinkWrap::Writer {
  static constexpr int kSlots = 3;

  Writer(const PlanWrap& plan, media::Descriptor output, media::Rational timeBase, media::Rational frameRate)
      : device(plan.device()),
        shape(plan.plan()->output()),
        plans(*device),
        slots(device->memory, kSlots, frameBytes(shape)),
        sink(std::move(output), kSlots, [this] { slots.discard(); }),
        queue(device->backend->makeQueue()) {
    if (!device->backend->unified()) staging = device->memory->take(MemoryKind::device, frameBytes(shape));
    sink.start({shape.format, shape.width, shape.height, timeBase, {0, 0}}, frameRate);
  }

  void cancel() noexcept {
    slots.discard();
    sink.cancel();
  }

  void write(const std::shared_ptr<const BoundPlan>& plan, const void* pixels, int64_t pts) {
    const auto slot = slots.take();
    if (!slot) {
      sink.push({});  // throws what went wrong in the writer thread
      fail("ERR_ABORTED", "the video is no longer written");
    }
    const auto data = slots.data(*slot);
    plans.use(plan);
    device->immediate->precede(*queue);  // it may still be making the image
    if (plan->passthrough()) {
      queue->download(data.data(), pixels, data.size());
    } else {
      plans.run(*queue, pixels, staging ? staging.data() : data.data());
      if (staging) queue->download(data.data(), staging.data(), data.size());
    }
    queue->wait();
    sink.push({data, pts, 1, nullptr, {{&slots, *slot}, {}}});
  }

  std::shared_ptr<Device> device;
  FrameShape shape;
  Block staging;
  PlanRun plans;
  media::SlotPool slots;
  media::FrameSink sink;
  std::unique_ptr<Queue> queue;
};

Napi::Function FrameSinkWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameSinkHandle",
                     {method<&FrameSinkWrap::write>("write"), method<&FrameSinkWrap::finish>("finish"),
                      method<&FrameSinkWrap::close>("close")});
}

FrameSinkWrap::FrameSinkWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    media::Descriptor output = descriptorArgument(info[0], "output");
    writer_ = std::make_shared<Writer>(unwrap<PlanWrap>(info[1], "a plan"), std::move(output),
                                       rationalArgument(info[2], "timeBase"), rationalArgument(info[3], "frameRate"));
    thread_.emplace(info.Env(), "framelane writer", [writer = writer_] { writer->cancel(); });
    holds(Writer::kSlots * frameBytes(writer_->shape));
  });
}

void FrameSinkWrap::release() noexcept {
  thread_.reset();
  writer_.reset();
  holds(0);
}

Napi::Value FrameSinkWrap::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(writer_ != nullptr, "ERR_DISPOSED", "the writer has been closed");
  const auto& wrap = unwrap<PlanWrap>(info[0], "a plan");
  const auto image = unwrap<ImageWrap>(info[1], "an image").buffer();
  const double ticks = numberOr(info[2]);
  require(isInteger(ticks, -kLargestSafeInteger, kLargestSafeInteger), "ERR_INVALID_ARGUMENT",
          "ticks: expected a safe integer");
  const auto pts = static_cast<int64_t>(ticks);
  require(wrap.plan()->output() == writer_->shape, "ERR_INTERNAL", "the plan is for other frames than the sink's");
  require(image->device() == writer_->device && wrap.device() == writer_->device, "ERR_DEVICE_MISMATCH",
          "image: expected one on " + writer_->device->backend->info().id);
  require(image->format() == wrap.plan()->input().format && image->size() == wrap.plan()->input().size(),
          "ERR_INTERNAL", "the plan is for other images");
  return thread_->run(env, info.This().As<Napi::Object>(),
                      [writer = writer_, plan = wrap.plan(), pixels = image->read(), pts]() -> PromiseThread::Result {
                        writer->write(plan, pixels.data(), pts);
                        return [](Napi::Env env) { return env.Undefined(); };
                      });
}

Napi::Value FrameSinkWrap::finish(const Napi::CallbackInfo& info) {
  return thread_->run(info.Env(), info.This().As<Napi::Object>(), [writer = writer_]() -> PromiseThread::Result {
    writer->sink.finish();
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

Napi::Value FrameSinkWrap::close(const Napi::CallbackInfo& info) {
  // A waiting write() rejects; then memory, threads and descriptors are freed.
  if (writer_) writer_->cancel();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      writer_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
