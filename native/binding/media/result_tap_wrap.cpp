#include "binding/media/wraps.hpp"
#include "binding/result_writer.hpp"

namespace framelane::binding {

namespace {

using Entries = std::vector<media::ResultQueue::Entry>;

Napi::Array foundArray(Napi::Env env, const Entries& entries) {
  auto list = Napi::Array::New(env, entries.size());
  uint32_t count = 0;
  for (const auto& [seconds, plan, data] : entries) {
    auto found = Napi::Object::New(env);
    found["time"] = Napi::Number::New(env, seconds);
    found["results"] = writeResults(env, *plan, data.data());
    list[count++] = found;
  }
  return list;
}

}  // namespace

Napi::Function ResultTapWrap::define(Napi::Env env) {
  return DefineClass(env, "ResultTapHandle",
                     {method<&ResultTapWrap::next>("next"), method<&ResultTapWrap::close>("close")});
}

ResultTapWrap::ResultTapWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    const auto [session, output] = SessionWrap::outputArgument(info);
    queue_ = session->watchResults(output);
    thread_.emplace(info.Env(), "framelane results", [queue = queue_] { queue->end(); });
  });
}

void ResultTapWrap::release() noexcept {
  thread_.reset();
  queue_.reset();
  holds(0);
}

Napi::Value ResultTapWrap::next(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(queue_ != nullptr, "ERR_DISPOSED", "the watcher has been closed");
  return thread_->run(env, info.This().As<Napi::Object>(), [queue = queue_]() -> PromiseThread::Result {
    const auto entries = std::make_shared<const Entries>(queue->take());
    return [entries](Napi::Env env) -> Napi::Value {
      return entries->empty() ? env.Null() : Napi::Value(foundArray(env, *entries));
    };
  });
}

Napi::Value ResultTapWrap::close(const Napi::CallbackInfo& info) {
  if (queue_) queue_->end();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      queue_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
