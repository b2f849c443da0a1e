#include "binding/media_arguments.hpp"
#include "binding/media_wraps.hpp"
#include "binding/plan_wrap.hpp"

namespace framelane::binding {

Napi::Function SessionWrap::define(Napi::Env env) {
  return DefineClass(env, "SessionHandle",
                     {InstanceMethod<&SessionWrap::run>("run"), InstanceMethod<&SessionWrap::finish>("finish"),
                      InstanceMethod<&SessionWrap::abort>("abort"), InstanceMethod<&SessionWrap::stats>("stats"),
                      InstanceMethod<&SessionWrap::close>("close")});
}

SessionWrap::SessionWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SessionWrap>(info) {
  guard(info.Env(), [&] {
    media::Descriptor input = descriptorArgument(info[0], "input"), output = descriptorArgument(info[1], "output");
    const auto& plan = unwrap<PlanWrap>(info[2], "a plan");
    const media::SessionConfig config{plan.device(), plan.plan(), rationalArgument(info[3], "frameRate")};
    session_ = std::make_shared<media::Session>(config, std::move(input), std::move(output));
    thread_.emplace(info.Env(), "framelane session", [session = session_] { session->abort(); });
  });
}

Napi::Value SessionWrap::run(const Napi::CallbackInfo& info) {
  return thread_->run(info.Env(), info.This().As<Napi::Object>(), [session = session_]() -> PromiseThread::Result {
    session->run();
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

Napi::Value SessionWrap::finish(const Napi::CallbackInfo& info) {
  if (session_) session_->finish();
  return info.Env().Undefined();
}

Napi::Value SessionWrap::abort(const Napi::CallbackInfo& info) {
  if (session_) session_->abort();
  return info.Env().Undefined();
}

Napi::Value SessionWrap::stats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!session_) throw makeError(env, "ERR_DISPOSED", "the session has been closed");
  const media::SessionStats stats = session_->stats();
  auto result = Napi::Object::New(env);
  const auto count = [&](const char* name, uint64_t value) {
    result[name] = Napi::Number::New(env, static_cast<double>(value));
  };
  const auto seconds = [&](const char* name, uint64_t value) {
    result[name] = Napi::Number::New(env, static_cast<double>(value) * 1e-9);
  };
  count("framesIn", stats.framesIn);
  count("framesOut", stats.framesOut);
  seconds("read", stats.readNs);
  seconds("slotWait", stats.slotWaitNs);
  seconds("inputWait", stats.inputWaitNs);
  seconds("process", stats.processNs);
  seconds("outputWait", stats.outputWaitNs);
  seconds("deviceWait", stats.deviceWaitNs);
  seconds("write", stats.writeNs);
  return result;
}

Napi::Value SessionWrap::close(const Napi::CallbackInfo& info) {
  // run() returns; then memory, threads and descriptors go.
  if (session_) session_->abort();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      session_.reset();
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
