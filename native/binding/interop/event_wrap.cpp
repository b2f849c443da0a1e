#include "binding/interop/event_wrap.hpp"

#include "binding/environment.hpp"
#include "binding/interop/on_stream.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

Napi::Function EventWrap::define(Napi::Env env) {
  return DefineClass(env, "EventHandle",
                     {method<&EventWrap::record>("record"), method<&EventWrap::holdBack>("holdBack"),
                      accessor<&EventWrap::done>("done"), method<&EventWrap::wait>("wait"),
                      method<&EventWrap::secondsSince>("secondsSince"), method<&EventWrap::free>("free")});
}

EventWrap::EventWrap(const Napi::CallbackInfo& info) : GuardedWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<EventWrap>::value);
    device_ = openDevice(info[0].ToString());
    timed_ = info[1].ToBoolean();
    moment_.event = make();
  });
}

std::shared_ptr<Event> EventWrap::make() const {
  return timed_ ? device_->backend->makeTimedEvent() : device_->backend->makeEvent();
}

const Moment& EventWrap::moment() const {
  require(moment_.event != nullptr, "ERR_DISPOSED", "the event has been freed");
  return moment_;
}

Napi::Value EventWrap::record(const Napi::CallbackInfo& info) {
  moment();
  const auto& stream = settledStream(info.Env(), *device_, info[0]);
  // A promise that is pending is about the moment that was recorded when it was made.
  if (moment_.event.use_count() > 1) moment_.event = make();
  const std::scoped_lock lock(stream->mutex());
  stream->queue().record(*moment_.event);
  moment_.stream = stream;
  moment_.number = nextMoment();
  return info.Env().Undefined();
}

/// (stream): what is enqueued there, on this device or another, from now on runs after the moment.
Napi::Value EventWrap::holdBack(const Napi::CallbackInfo& info) {
  moment();
  const auto& stream = awaitableStream(info.Env(), *device_, info[0]);
  const std::scoped_lock lock(stream->mutex());
  stream->queue().waitFor(*moment_.event);
  return info.Env().Undefined();
}

Napi::Value EventWrap::done(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), moment().event->passed());
}

Napi::Value EventWrap::wait(const Napi::CallbackInfo& info) { return waiterOf(info.Env()).wait(info.Env(), moment()); }

Napi::Value EventWrap::secondsSince(const Napi::CallbackInfo& info) {
  const auto& earlier = unwrap<EventWrap>(info[0], "an Event");
  require(earlier.device_ == device_, "ERR_DEVICE_MISMATCH", "event: expected one on " + device_->backend->info().id);
  for (const EventWrap* event : std::initializer_list<const EventWrap*>{this, &earlier}) {
    require(event->timed_, "ERR_INVALID_ARGUMENT", "event: expected one with timing: true");
    require(event->moment().stream != nullptr, "ERR_INVALID_ARGUMENT", "event: expected one that has been recorded");
    require(event->moment().event->passed(), "ERR_INVALID_ARGUMENT",
            "event: expected one that is done; await it first");
  }
  return Napi::Number::New(info.Env(), moment_.event->secondsSince(*earlier.moment_.event));
}

/// Promises that are pending keep what they wait for.
Napi::Value EventWrap::free(const Napi::CallbackInfo& info) {
  moment_ = {};
  return info.Env().Undefined();
}

}  // namespace framelane::binding
