#include <cstdint>
#include <vector>

#include "binding/media/arguments.hpp"
#include "binding/media/wraps.hpp"
#include "binding/plan_wrap.hpp"

namespace framelane::binding {
namespace {

/// Takes every descriptor before any check can throw, so that an error closes them all.
std::vector<media::Descriptor> outputDescriptors(Napi::Value outputs) {
  std::vector<media::Descriptor> descriptors;
  if (!outputs.IsArray()) return descriptors;
  const auto list = outputs.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Value output = list.Get(i);
    descriptors.push_back(descriptorIn(output.IsObject() ? output.As<Napi::Object>().Get("descriptor") : output));
  }
  return descriptors;
}

media::TimelineConfig timelineArgument(const Napi::Object& output, const std::string& path) {
  const auto at = [&](const char* name) { return path + "." + name; };
  media::TimelineConfig config;
  config.frameRate = rationalArgument(output.Get("frameRate"), at("frameRate"));
  if (!output.Get("constantRate").IsNull()) {
    config.constantRate = rationalArgument(output.Get("constantRate"), at("constantRate"));
    const auto [num, den] = *config.constantRate;
    require(num > 0 && num <= INT32_MAX && den <= INT32_MAX, "ERR_INVALID_ARGUMENT",
            at("constantRate") + ": expected a fraction of positive 32-bit integers");
  }
  config.start = numberArgument(output.Get("start"), at("start"));
  config.maxFrames = static_cast<uint64_t>(numberArgument(output.Get("maxFrames"), at("maxFrames")));
  const Napi::Value ending = output.Get("ending");
  if (ending.IsObject()) {
    const auto given = ending.As<Napi::Object>();
    const double last = given.Get("last").ToNumber().DoubleValue();
    config.ending = {last, numberArgument(given.Get("end"), at("ending.end"))};
  }
  return config;
}

Napi::Object latencyObject(Napi::Env env, const media::Latency& latency) {
  auto result = Napi::Object::New(env);
  const auto seconds = [&](const char* name, uint64_t ns) {
    result[name] = Napi::Number::New(env, static_cast<double>(ns) * 1e-9);
  };
  result["count"] = Napi::Number::New(env, static_cast<double>(latency.count));
  seconds("total", latency.totalNs);
  const double total = static_cast<double>(latency.totalNs) * 1e-9;
  result["fps"] = Napi::Number::New(env, total > 0 ? static_cast<double>(latency.count) / total : 0);
  seconds("p50", latency.p50Ns);
  seconds("p95", latency.p95Ns);
  seconds("p99", latency.p99Ns);
  seconds("max", latency.maxNs);
  return result;
}

void setCount(Napi::Object& object, const char* name, uint64_t value) {
  object[name] = Napi::Number::New(object.Env(), static_cast<double>(value));
}

Napi::Object outputObject(Napi::Env env, const media::OutputStats& stats) {
  auto result = Napi::Object::New(env);
  setCount(result, "framesOut", stats.framesOut);
  setCount(result, "dropped", stats.dropped);
  setCount(result, "repeated", stats.repeated);
  setCount(result, "skipped", stats.skipped);
  setCount(result, "late", stats.late);
  result["lastTime"] = Napi::Number::New(env, stats.lastTime);
  setCount(result, "queue", stats.queue);
  result["process"] = latencyObject(env, stats.process);
  result["outputWait"] = latencyObject(env, stats.outputWait);
  result["deviceWait"] = latencyObject(env, stats.deviceWait);
  result["write"] = latencyObject(env, stats.write);
  return result;
}

}  // namespace

Napi::Function SessionWrap::define(Napi::Env env) {
  return DefineClass(env, "SessionHandle",
                     {method<&SessionWrap::run>("run"), method<&SessionWrap::setPlans>("setPlans"),
                      method<&SessionWrap::finish>("finish"), method<&SessionWrap::abort>("abort"),
                      method<&SessionWrap::stats>("stats"), method<&SessionWrap::close>("close"),
                      method<&SessionWrap::writing>("writing"), accessor<&SessionWrap::reading>("reading"),
                      accessor<&SessionWrap::failedOutput>("failedOutput")});
}

SessionWrap::SessionWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<SessionWrap>::value);
    auto descriptors = outputDescriptors(info[1]);
    media::Descriptor input = descriptorArgument(info[0], "input");
    require(!descriptors.empty(), "ERR_INVALID_ARGUMENT", "outputs: expected an array with at least one");
    const auto list = info[1].As<Napi::Array>();
    std::shared_ptr<Device> device;
    std::vector<media::Session::Output> outputs;
    for (uint32_t i = 0; i < descriptors.size(); i++) {
      const std::string path = "outputs[" + std::to_string(i) + "]";
      require(list.Get(i).IsObject(), "ERR_INVALID_ARGUMENT", path + ": expected an object");
      const auto output = list.Get(i).As<Napi::Object>();
      require(isInteger(numberOr(output.Get("descriptor")), -1, INT32_MAX), "ERR_INVALID_ARGUMENT",
              path + ".descriptor: expected a file descriptor");
      const auto& plan = unwrap<PlanWrap>(output.Get("plan"), "a plan");
      require(i == 0 || plan.device() == device, "ERR_DEVICE_MISMATCH",
              path + ".plan: expected one for the same device as that of the first");
      device = plan.device();
      outputs.push_back({{plan.plan(), timelineArgument(output, path)}, std::move(descriptors[i])});
    }
    session_ = std::make_shared<media::Session>(device, std::move(input), std::move(outputs), sectionArgument(info[2]));
    thread_.emplace(info.Env(), "framelane session", [session = session_] { session->abort(); });
  });
}

std::pair<std::shared_ptr<media::Session>, size_t> SessionWrap::outputArgument(const Napi::CallbackInfo& info) {
  const auto& session = unwrap<SessionWrap>(info[0], "a session").session_;
  require(session != nullptr, "ERR_DISPOSED", "the session has been closed");
  const auto most = static_cast<double>(session->outputCount()) - 1;
  require(isInteger(numberOr(info[1]), 0, most), "ERR_INVALID_ARGUMENT",
          "output: expected one of " + std::to_string(session->outputCount()) + ", from 0");
  return {session, static_cast<size_t>(numberOr(info[1]))};
}

void SessionWrap::release() noexcept {
  thread_.reset();
  session_.reset();
  holds(0);
}

Napi::Value SessionWrap::run(const Napi::CallbackInfo& info) {
  return thread_->run(info.Env(), info.This().As<Napi::Object>(), [session = session_]() -> PromiseThread::Result {
    const bool whole = session->run();
    return [whole](Napi::Env env) { return Napi::Boolean::New(env, whole); };
  });
}

Napi::Value SessionWrap::setPlans(const Napi::CallbackInfo& info) {
  require(session_ != nullptr, "ERR_DISPOSED", "the session has been closed");
  require(info[0].IsArray(), "ERR_INVALID_ARGUMENT", "plans: expected an array");
  const auto list = info[0].As<Napi::Array>();
  Plans plans;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const auto& wrap = unwrap<PlanWrap>(list.Get(i), "a plan");
    plans.push_back(wrap.plan());
    require(wrap.device() == session_->device(), "ERR_DEVICE_MISMATCH",
            "plans[" + std::to_string(i) + "]: expected one for " + session_->device()->backend->info().id +
                ", received one for " + wrap.device()->backend->info().id);
  }
  return Napi::Number::New(info.Env(), static_cast<double>(session_->setPlans(std::move(plans))));
}

Napi::Value SessionWrap::finish(const Napi::CallbackInfo& info) {
  if (session_) session_->finish();
  return info.Env().Undefined();
}

Napi::Value SessionWrap::abort(const Napi::CallbackInfo& info) {
  if (session_) session_->abort();
  return info.Env().Undefined();
}

Napi::Value SessionWrap::failedOutput(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), session_ ? session_->failedOutput() : -1);
}

Napi::Value SessionWrap::reading(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), session_ && session_->reading());
}

Napi::Value SessionWrap::writing(const Napi::CallbackInfo& info) {
  const double output = numberArgument(info[0], "output");
  const bool known = session_ && output >= 0 && output < static_cast<double>(session_->outputCount());
  return Napi::Boolean::New(info.Env(), known && session_->writing(static_cast<size_t>(output)));
}

Napi::Value SessionWrap::stats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!session_) throw makeError(env, "ERR_DISPOSED", "the session has been closed");
  const media::SessionStats stats = session_->stats();
  auto result = Napi::Object::New(env);
  auto outputs = Napi::Array::New(env);
  setCount(result, "framesIn", stats.framesIn);
  setCount(result, "passes", stats.passes);
  setCount(result, "queue", stats.queue);
  result["read"] = latencyObject(env, stats.read);
  result["slotWait"] = latencyObject(env, stats.slotWait);
  result["inputWait"] = latencyObject(env, stats.inputWait);
  for (const auto& output : stats.outputs) outputs[outputs.Length()] = outputObject(env, output);
  result["outputs"] = outputs;
  return result;
}

Napi::Value SessionWrap::close(const Napi::CallbackInfo& info) {
  // run() returns; then memory, threads and descriptors are freed.
  if (session_) session_->abort();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      session_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
