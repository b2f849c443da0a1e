#include "binding/interop/on_stream.hpp"

#include "binding/environment.hpp"
#include "binding/interop/event_waiter.hpp"
#include "core/recorder.hpp"

namespace framelane::binding {

const std::shared_ptr<Stream>& streamArgument(const Device& device, Napi::Value number) {
  if (number.IsUndefined()) return device.immediate;
  return Environment::of(number.Env()).streams->on(device, numberOr(number));
}

const std::shared_ptr<Stream>& settledStream(Napi::Env env, const Device& device, Napi::Value number) {
  const auto& stream = streamArgument(device, number);
  if (stream->isImmediate()) Environment::of(env).recorder->flush();
  return stream;
}

EventWaiter& waiterOf(Napi::Env env) {
  auto& waiter = Environment::of(env).waiter;
  if (!waiter) waiter = std::make_shared<EventWaiter>(env);
  return *waiter;
}

}  // namespace framelane::binding
