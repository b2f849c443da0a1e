#include "binding/gl_call.hpp"

#include "binding/gl_window_wrap.hpp"

namespace framelane::binding {

namespace {

std::shared_ptr<gl::Context> contextOf(Napi::Value self) {
  auto context = unwrap<GlWrap>(self, "a window's gl as this").context();
  require(context != nullptr, "ERR_DISPOSED", "the window of this gl has been freed");
  return context;
}

Napi::Value isContextLost(const Napi::CallbackInfo& info) {
  const bool lost = unwrap<GlWrap>(info.This(), "a window's gl as this").context() == nullptr;
  return Napi::Boolean::New(info.Env(), lost);
}

}  // namespace

GlCall::GlCall(const Napi::CallbackInfo& info)
    : info_(info), context_(contextOf(info.This())), gl(context_->functions()) {}

std::string GlCall::where(size_t index) const {
  return std::string(static_cast<const char*>(info_.Data())) + ": argument " + std::to_string(index + 1);
}

void GlCall::refuse(size_t index, const std::string& expected) const {
  const Napi::Value value = info_[index];
  std::string received = value.IsUndefined() ? "nothing" : value.IsNull() ? "null" : "something else";
  if (value.IsNumber() || value.IsBoolean()) received = value.ToString().Utf8Value();
  fail("ERR_INVALID_ARGUMENT", where(index) + ": expected " + expected + ", received " + received);
}

double GlCall::number(size_t index, const char* expected) const {
  if (!info_[index].IsNumber()) refuse(index, expected);
  return info_[index].As<Napi::Number>().DoubleValue();
}

std::string GlCall::string(size_t index) const {
  if (!info_[index].IsString()) refuse(index, "a string");
  return info_[index].As<Napi::String>().Utf8Value();
}

Bytes GlCall::bytes(size_t index) const {
  const Napi::Value value = info_[index];
  void* data = nullptr;
  size_t length = 0;
  if (value.IsTypedArray()) {
    napi_get_typedarray_info(env(), value, nullptr, nullptr, &data, nullptr, nullptr);
    length = value.As<Napi::TypedArray>().ByteLength();
  } else if (value.IsDataView()) {
    napi_get_dataview_info(env(), value, &length, &data, nullptr, nullptr);
  } else {
    refuse(index, "a typed array or DataView");
  }
  return {static_cast<std::byte*>(data), length};
}

std::pair<const float*, gl::GLsizei> GlCall::floats(size_t index, size_t components) const {
  const Napi::Value value = info_[index];
  const bool typed = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array;
  const size_t length = typed ? value.As<Napi::TypedArray>().ElementLength() : 0;
  if (length == 0 || length % components != 0)
    refuse(index, "a Float32Array of " + std::to_string(components) + " numbers or a multiple");
  return {reinterpret_cast<const float*>(bytes(index).data), static_cast<gl::GLsizei>(length / components)};
}

gl::GLint GlCall::integer(gl::GLenum parameter) const {
  gl::GLint value = 0;
  gl.GetIntegerv(parameter, &value);
  return value;
}

Napi::Value GlCall::make(GlKind kind, gl::GLuint name, gl::GLsync sync) const {
  if (name == 0 && sync == nullptr && kind != GlKind::uniformLocation) return env().Null();
  return makeGlObject(env(), {kind, name, sync, context_});
}

const GlObject* GlCall::forget(size_t index, GlKind kind) const {
  if (isNull(index)) return nullptr;
  GlObject& object = anyGlObject(info_[index], kind, context_, where(index));
  return std::exchange(object.deleted, true) ? nullptr : &object;
}

GlWrap::GlWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GlWrap>(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<GlWrap>::value);
    if (info[0].IsUndefined()) {
      adopted_ = std::make_shared<gl::AdoptedContext>();
      context_ = adopted_;
    } else {
      context_ = unwrap<GlWindowWrap>(info[0], "a window").window();
    }
  });
}

Napi::Function GlWrap::define(Napi::Env env) {
  Napi::Function constructor = DefineClass(env, "GLHandle", {});
  auto prototype = constructor.Get("prototype").As<Napi::Object>();
  for (const auto& methods : {glStateMethods(), glBufferMethods(), glTextureMethods(), glProgramMethods()})
    for (const GlMethod& method : methods)
      prototype[method.name] = Napi::Function::New(env, method.callback, method.name, const_cast<char*>(method.name));
  prototype["isContextLost"] = Napi::Function::New(env, isContextLost, "isContextLost");
  return constructor;
}

}  // namespace framelane::binding
