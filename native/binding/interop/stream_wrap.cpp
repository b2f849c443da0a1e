#include "binding/interop/stream_wrap.hpp"

#include "binding/exports.hpp"
#include "binding/interop/event_wrap.hpp"
#include "binding/interop/on_stream.hpp"
#include "core/recorder.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

/// "immediate": the device's own; "normal" or "high": a new one; a bigint: somebody else's.
std::shared_ptr<Stream> makeStream(const Device& device, Napi::Value kind) {
  Backend& backend = *device.backend;
  if (kind.IsBigInt()) {
    bool lossless = false;
    const uint64_t handle = kind.As<Napi::BigInt>().Uint64Value(&lossless);
    require(lossless && handle != 0, "ERR_INVALID_ARGUMENT",
            "stream: expected the address of a stream, 1 for the legacy default stream or 2 for the thread's");
    return std::make_shared<Stream>(backend, backend.wrapQueue(handle), device.immediate);
  }
  const std::string name = kind.ToString();
  if (name == "immediate") return device.immediate;
  require(name == "normal" || name == "high", "ERR_INVALID_ARGUMENT", "priority: expected normal or high");
  const Priority priority = name == "high" ? Priority::high : Priority::normal;
  return std::make_shared<Stream>(backend, backend.makeQueue(priority), device.immediate);
}

}  // namespace

Napi::Function StreamWrap::define(Napi::Env env) {
  return DefineClass(env, "StreamHandle",
                     {accessor<&StreamWrap::number>("number"), accessor<&StreamWrap::handle>("handle"),
                      method<&StreamWrap::waitFor>("waitFor"), method<&StreamWrap::sync>("sync"),
                      method<&StreamWrap::idle>("idle"), method<&StreamWrap::free>("free")});
}

StreamWrap::StreamWrap(const Napi::CallbackInfo& info)
    : GuardedWrap(info), streams_(Environment::of(info.Env()).streams) {
  guard(info.Env(), [&] {
    auto device = openDevice(info[0].ToString());
    auto stream = makeStream(*device, info[1]);
    number_ = streams_->add({std::move(device), std::move(stream)});
  });
}

void StreamWrap::release() noexcept {
  if (number_ == 0) return;
  if (const HeldStream* held = streams_->find(number_)) {
    held->stream->end();
    streams_->remove(number_);
  }
}

Napi::Value StreamWrap::number(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), number_); }

Napi::Value StreamWrap::handle(const Napi::CallbackInfo& info) {
  const uint64_t handle = held().stream->queue().handle();
  if (handle == 0) return info.Env().Null();
  if (held().stream->isImmediate()) Environment::of(info.Env()).recorder->flush();
  return Napi::BigInt::New(info.Env(), handle);
}

/// (stream): what is enqueued here from now on runs after all that is there now, on this device or another.
Napi::Value StreamWrap::waitFor(const Napi::CallbackInfo& info) {
  const HeldStream& own = held();
  const auto& other = awaitableStream(info.Env(), *own.device, info[0]);
  if (own.stream->isImmediate()) Environment::of(info.Env()).recorder->flush();
  if (other != own.stream) other->precede(own.stream->queue());
  return info.Env().Undefined();
}

Napi::Value StreamWrap::sync(const Napi::CallbackInfo& info) {
  if (held().stream->isImmediate()) Environment::of(info.Env()).recorder->flush();
  held().stream->wait();
  return info.Env().Undefined();
}

Napi::Value StreamWrap::idle(const Napi::CallbackInfo& info) {
  const HeldStream& own = held();
  if (own.stream->isImmediate()) Environment::of(info.Env()).recorder->flush();
  Moment moment{own.device->backend->makeEvent(), own.stream, nextMoment()};
  {
    const std::scoped_lock lock(own.stream->mutex());
    own.stream->queue().record(*moment.event);
  }
  return waiterOf(info.Env()).wait(info.Env(), std::move(moment));
}

Napi::Value StreamWrap::free(const Napi::CallbackInfo& info) {
  release();
  return info.Env().Undefined();
}

void exportStreams(Napi::Env env, Napi::Object exports) {
  exports["StreamHandle"] = StreamWrap::define(env);
  exports["EventHandle"] = EventWrap::define(env);
}

}  // namespace framelane::binding
