#include "binding/plan_runner_wrap.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "binding/image_wrap.hpp"
#include "binding/number_argument.hpp"
#include "binding/plan_wrap.hpp"
#include "core/plan_run.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

/// Where a frame stands: times rise within a sequence.
struct Position {
  double sequence = -1;
  double time = 0;
};

/// A queue with what a plan needs beside its frames.
struct PlanRunnerWrap::Runner {
  explicit Runner(std::shared_ptr<Device> on)
      : device(std::move(on)), plans(*device), queue(device->backend->makeQueue()) {}

  /// Seconds of each pass.
  std::vector<double> run(const std::shared_ptr<const BoundPlan>& plan, const ReadAccess& source,
                          const WriteAccess& target, const Position& at) {
    plans.use(plan);
    while (marks.size() <= plan->passCount()) marks.push_back(device->backend->makeTimedEvent());
    device->immediate->precede(*queue);  // it may still be reading the target to show it
    beginFrame(at, source.data());
    plans.run(*queue, 0, source.data(), target.data(), marks);
    queue->wait();
    std::vector<double> seconds(plan->passCount());
    for (size_t i = 0; i < seconds.size(); i++) seconds[i] = marks[i + 1]->secondsSince(*marks[i]);
    return seconds;
  }

  /// A frame may be repeated with another plan. After a seek or in another sequence, a frame has no previous frames.
  void beginFrame(const Position& at, const void* source) {
    const bool follows = at.sequence == last.sequence && at.time >= last.time;
    if (!follows) plans.forgetFrames();
    if (follows && at.time == last.time)
      plans.repeatFrame(*queue, source);
    else
      plans.beginFrame(*queue, source);
    last = at;
  }

  std::shared_ptr<Device> device;
  PlanRun plans;
  std::unique_ptr<Queue> queue;
  std::vector<std::unique_ptr<Event>> marks;  // before the first pass, after each
  Position last;
};

Napi::Function PlanRunnerWrap::define(Napi::Env env) {
  return DefineClass(env, "PlanRunnerHandle",
                     {method<&PlanRunnerWrap::run>("run"), method<&PlanRunnerWrap::close>("close")});
}

PlanRunnerWrap::PlanRunnerWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    runner_ = std::make_shared<Runner>(openDevice(info[0].ToString()));
    thread_.emplace(info.Env(), "framelane plans", [] {});
  });
}

void PlanRunnerWrap::release() noexcept {
  thread_.reset();
  runner_.reset();
  holds(0);
}

Napi::Value PlanRunnerWrap::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(runner_ != nullptr, "ERR_DISPOSED", "the runner has been closed");
  const auto& wrap = unwrap<PlanWrap>(info[0], "a plan");
  const auto source = unwrap<ImageWrap>(info[1], "an image as source").buffer();
  const auto target = unwrap<ImageWrap>(info[2], "an image as target").buffer();
  const auto fits = [](const ImageBuffer& image, const FrameShape& shape) {
    return image.format() == shape.format && image.size() == shape.size();
  };
  require(
      wrap.device() == runner_->device && source->device() == runner_->device && target->device() == runner_->device,
      "ERR_DEVICE_MISMATCH", "expected plan and images on " + runner_->device->backend->info().id);
  require(fits(*source, wrap.plan()->input()), "ERR_INVALID_ARGUMENT", "source: the plan is for other frames");
  require(fits(*target, wrap.plan()->output()), "ERR_INVALID_ARGUMENT", "target: the plan is for other frames");
  require(source != target, "ERR_INVALID_ARGUMENT", "target: expected another image than the source");
  workspaceBytes_ = std::max(workspaceBytes_, wrap.plan()->workspaceBytes());
  holds(workspaceBytes_);
  return thread_->run(env, info.This().As<Napi::Object>(),
                      [runner = runner_, at = Position{numberOr(info[3]), numberOr(info[4])}, plan = wrap.plan(),
                       from = source->read(), to = target->refill()]() -> PromiseThread::Result {
                        return [seconds = runner->run(plan, from, to, at)](Napi::Env env) {
                          auto result = Napi::Array::New(env, seconds.size());
                          for (uint32_t i = 0; i < seconds.size(); i++) result[i] = Napi::Number::New(env, seconds[i]);
                          return result;
                        };
                      });
}

Napi::Value PlanRunnerWrap::close(const Napi::CallbackInfo& info) {
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      runner_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
