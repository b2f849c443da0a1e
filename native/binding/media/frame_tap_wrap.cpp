#include <string>

#include "binding/image_wrap.hpp"
#include "binding/media/wraps.hpp"

namespace framelane::binding {

struct FrameTapWrap::Watcher {
  Watcher(std::shared_ptr<media::Session> of, size_t output)
      : session(std::move(of)),
        device(session->device()),
        shape(session->outputShape(output)),
        tap(session->watch(output)),
        host(device->memory->take(MemoryKind::host, frameBytes(shape))),
        queue(device->backend->makeQueue()) {}

  /// The frame's time in seconds, or nothing at the end.
  std::optional<double> load(const WriteAccess& image) {
    const auto seconds = tap->take({static_cast<std::byte*>(host.data()), frameBytes(shape)});
    if (!seconds) return std::nullopt;
    device->immediate->precede(*queue);  // it may still be reading the image to show it
    queue->upload(image.data(), host.data(), frameBytes(shape));
    queue->wait();
    return seconds;
  }

  std::shared_ptr<media::Session> session;
  std::shared_ptr<Device> device;
  FrameShape shape;
  std::shared_ptr<media::Tap> tap;
  Block host;
  std::unique_ptr<Queue> queue;
};

Napi::Function FrameTapWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameTapHandle",
                     {method<&FrameTapWrap::next>("next"), method<&FrameTapWrap::close>("close")});
}

FrameTapWrap::FrameTapWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    const auto [session, output] = SessionWrap::outputArgument(info);
    watcher_ = std::make_shared<Watcher>(session, output);
    thread_.emplace(info.Env(), "framelane watcher", [tap = watcher_->tap] { tap->end(); });
    holds(watcher_->host.bytes());
  });
}

void FrameTapWrap::release() noexcept {
  thread_.reset();
  watcher_.reset();
  holds(0);
}

Napi::Value FrameTapWrap::next(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(watcher_ != nullptr, "ERR_DISPOSED", "the watcher has been closed");
  const auto image = unwrap<ImageWrap>(info[0], "an image").buffer();
  require(image->device() == watcher_->device, "ERR_DEVICE_MISMATCH",
          "image: expected one on " + watcher_->device->backend->info().id);
  require(image->format() == watcher_->shape.format && image->size() == watcher_->shape.size(), "ERR_INVALID_ARGUMENT",
          "image: expected one like the output's frames");
  return thread_->run(
      env, info.This().As<Napi::Object>(), [watcher = watcher_, pixels = image->refill()]() -> PromiseThread::Result {
        const auto seconds = watcher->load(pixels);
        return
            [seconds](Napi::Env env) -> Napi::Value { return seconds ? Napi::Number::New(env, *seconds) : env.Null(); };
      });
}

Napi::Value FrameTapWrap::close(const Napi::CallbackInfo& info) {
  if (watcher_) watcher_->tap->end();
  return thread_->end(info.Env(), info.This().As<Napi::Object>(), [this]() -> PromiseThread::Result {
    return [this](Napi::Env env) {
      watcher_.reset();
      holds(0);
      return env.Undefined();
    };
  });
}

}  // namespace framelane::binding
