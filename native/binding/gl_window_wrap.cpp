#include "binding/gl_window_wrap.hpp"

#include "binding/exports.hpp"
#include "binding/gl_call.hpp"
#include "gl/context_egl.hpp"

namespace framelane::binding {

namespace {

int sideArgument(Napi::Value value, const char* name) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
  require(number >= 1 && number <= 1 << 20 && number == static_cast<int>(number), "ERR_INVALID_SIZE",
          std::string(name) + ": expected an integer from 1 to 1048576");
  return static_cast<int>(number);
}

Size sizeArgument(const Napi::CallbackInfo& info, size_t index) {
  return {sideArgument(info[index], "width"), sideArgument(info[index + 1], "height")};
}

}  // namespace

Napi::Function GlWindowWrap::define(Napi::Env env) {
  return DefineClass(
      env, "GLWindowHandle",
      {InstanceAccessor<&GlWindowWrap::width>("width"), InstanceAccessor<&GlWindowWrap::height>("height"),
       InstanceAccessor<&GlWindowWrap::current>("current"), InstanceMethod<&GlWindowWrap::makeCurrent>("makeCurrent"),
       InstanceMethod<&GlWindowWrap::swapBuffers>("swapBuffers"),
       InstanceMethod<&GlWindowWrap::setSwapInterval>("setSwapInterval"), InstanceMethod<&GlWindowWrap::setSize>("setSize"),
       InstanceMethod<&GlWindowWrap::free>("free")});
}

GlWindowWrap::GlWindowWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GlWindowWrap>(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<GlWindowWrap>::value);
    const Size size = sizeArgument(info, 0);
    context_ = std::make_shared<gl::EglContext>(size);
  });
}

const std::shared_ptr<gl::Context>& GlWindowWrap::context() const {
  require(context_ != nullptr, "ERR_DISPOSED", "the window has been freed");
  return context_;
}

Napi::Value GlWindowWrap::width(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Number::New(info.Env(), context()->size().width); });
}

Napi::Value GlWindowWrap::height(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Number::New(info.Env(), context()->size().height); });
}

Napi::Value GlWindowWrap::current(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), context_ != nullptr && context_->isCurrent());
}

Napi::Value GlWindowWrap::makeCurrent(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    context()->makeCurrent();
    return info.Env().Undefined();
  });
}

Napi::Value GlWindowWrap::swapBuffers(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    context()->swapBuffers();
    return info.Env().Undefined();
  });
}

Napi::Value GlWindowWrap::setSwapInterval(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    context()->setSwapInterval(info[0].ToBoolean() ? 1 : 0);
    return info.Env().Undefined();
  });
}

Napi::Value GlWindowWrap::setSize(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    context()->resize(sizeArgument(info, 0));
    return info.Env().Undefined();
  });
}

Napi::Value GlWindowWrap::free(const Napi::CallbackInfo& info) {
  context_.reset();
  return info.Env().Undefined();
}

void exportGl(Napi::Env env, Napi::Object exports) {
  exports["GLWindowHandle"] = GlWindowWrap::define(env);
  exports["GLHandle"] = GlWrap::define(env);
}

}  // namespace framelane::binding
