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

const std::shared_ptr<Stream>& awaitableStream(Napi::Env env, const Device& device, Napi::Value number) {
  const HeldStream& held = Environment::of(env).streams->at(numberOr(number));
  const bool isAlike = held.device->backend->kind() == device.backend->kind();
  return settledStream(env, isAlike ? *held.device : device, number);
}

EventWaiter& waiterOf(Napi::Env env) {
  auto& waiter = Environment::of(env).waiter;
  if (!waiter) waiter = std::make_shared<EventWaiter>(env);
  return *waiter;
}

}  // namespace framelane::binding
