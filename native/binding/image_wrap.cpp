#include "binding/image_wrap.hpp"

#include "binding/interop/on_stream.hpp"
#include "binding/number_argument.hpp"
#include "binding/samples.hpp"
#include "binding/transfer_worker.hpp"
#include "core/immediate.hpp"
#include "core/transfer.hpp"

namespace framelane::binding {

Napi::Function ImageWrap::define(Napi::Env env) {
  return DefineClass(
      env, "ImageHandle",
      {accessor<&ImageWrap::id>("id"), accessor<&ImageWrap::width>("width"), accessor<&ImageWrap::height>("height"),
       accessor<&ImageWrap::capacity>("capacity"), accessor<&ImageWrap::byteLength>("byteLength"),
       method<&ImageWrap::resize>("resize"), method<&ImageWrap::upload>("upload"),
       method<&ImageWrap::download>("download"), method<&ImageWrap::uploadAsync>("uploadAsync"),
       method<&ImageWrap::downloadAsync>("downloadAsync"), method<&ImageWrap::copyRegion>("copyRegion"),
       method<&ImageWrap::memory>("memory")});
}

ImageWrap::ImageWrap(const Napi::CallbackInfo& info) : GuardedWrap(info) {
  const Napi::Env env = info.Env();
  guard(env, [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<ImageWrap>::value);
    images_ = Environment::of(env).images;
    id_ = numberOr(info[0]);
    images_->at(id_);
  });
}

Napi::Value ImageWrap::id(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), id_); }

Napi::Value ImageWrap::width(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), buffer()->size().width);
}

Napi::Value ImageWrap::height(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), buffer()->size().height);
}

Napi::Value ImageWrap::capacity(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(buffer()->capacityPixels()));
}

Napi::Value ImageWrap::byteLength(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(buffer()->bytes()));
}

Napi::Value ImageWrap::resize(const Napi::CallbackInfo& info) {
  buffer()->resize({integerArgument(info[0], "width"), integerArgument(info[1], "height")});
  return info.Env().Undefined();
}

Napi::Value ImageWrap::upload(const Napi::CallbackInfo& info) {
  const auto image = buffer();
  const Samples samples = samplesArgument(info[0], *image);
  uploadImage(*image, samples.data, samples.element, streamArgument(*image->device(), info[1]));
  return info.Env().Undefined();
}

Napi::Value ImageWrap::download(const Napi::CallbackInfo& info) {
  const auto image = buffer();
  const Samples samples = samplesArgument(info[0], *image);
  downloadImage(image->read(streamArgument(*image->device(), info[1])), samples.data, samples.element);
  return info.Env().Undefined();
}

Napi::Value ImageWrap::uploadAsync(const Napi::CallbackInfo& info) {
  return uploadInThread(info.Env(), *buffer(), info[0], info[1]);
}

Napi::Value ImageWrap::downloadAsync(const Napi::CallbackInfo& info) {
  return downloadInThread(info.Env(), *buffer(), info[0], info[1]);
}

Napi::Value ImageWrap::copyRegion(const Napi::CallbackInfo& info) {
  const auto source = unwrap<ImageWrap>(info[0], "an image").buffer();
  const Point from{integerArgument(info[1], "x"), integerArgument(info[2], "y")};
  const Point to{integerArgument(info[3], "x"), integerArgument(info[4], "y")};
  const Size size{integerArgument(info[5], "width"), integerArgument(info[6], "height")};
  framelane::copyRegion(*source, from, *buffer(), to, size, streamArgument(*source->device(), info[7]));
  return info.Env().Undefined();
}

/// The image's own memory, which it shares until both are gone; null where the host cannot reach it.
Napi::Value ImageWrap::memory(const Napi::CallbackInfo& info) {
  const auto image = buffer();
  if (!image->device()->backend->unified()) return info.Env().Null();
  auto* held = new WriteAccess(image->expose(ImageBuffer::Exposure::write));
  const auto release = [](Napi::Env, void*, WriteAccess* hint) { delete hint; };
  return Napi::ArrayBuffer::New(info.Env(), held->data(), image->capacityBytes(), release, held);
}

}  // namespace framelane::binding
