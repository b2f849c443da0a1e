#include "binding/gl/call.hpp"

#include "binding/gl/window_wrap.hpp"

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
  return std::string(method()) + ": argument " + std::to_string(index + 1);
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
    const auto array = value.As<Napi::TypedArray>();
    if (array.ElementSize() == 0) refuse(index, "a typed array that Node-API knows, which Float16Array is not");
    napi_get_typedarray_info(env(), value, nullptr, nullptr, &data, nullptr, nullptr);
    length = array.ByteLength();
  } else if (value.IsDataView()) {
    napi_get_dataview_info(env(), value, &length, &data, nullptr, nullptr);
  } else {
    refuse(index, "a typed array or DataView");
  }
  return {static_cast<std::byte*>(data), length};
}

Bytes GlCall::part(size_t index, size_t from) const {
  const Bytes all = bytes(index);
  if (isNull(from)) return all;
  const size_t element = info_[index].IsTypedArray() ? info_[index].As<Napi::TypedArray>().ElementSize() : 1;
  const size_t elements = all.size / element;
  const auto first = argument<uint32_t>(from);
  if (first > elements) refuse(from, "at most " + std::to_string(elements) + ", the elements of the array");
  const size_t rest = elements - first;
  const size_t length = isNull(from + 1) ? 0 : argument<uint32_t>(from + 1);  // 0 is the rest, too
  if (length > rest) refuse(from + 1, "at most the " + std::to_string(rest) + " elements that follow");
  return {all.data + first * element, (length != 0 ? length : rest) * element};
}

namespace {

template <class T>
struct Elements;
template <>
struct Elements<gl::GLfloat> {
  static constexpr napi_typedarray_type type = napi_float32_array;
  static constexpr const char* name = "Float32Array";
};
template <>
struct Elements<gl::GLint> {
  static constexpr napi_typedarray_type type = napi_int32_array;
  static constexpr const char* name = "Int32Array";
};
template <>
struct Elements<gl::GLuint> {
  static constexpr napi_typedarray_type type = napi_uint32_array;
  static constexpr const char* name = "Uint32Array";
};

/// Whether every element is a number that T holds.
template <class T>
bool copyNumbers(const Napi::Array& array, std::vector<T>& into) {
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::Value value = array[i];
    if (!value.IsNumber()) return false;
    const double number = value.As<Napi::Number>().DoubleValue();
    if constexpr (std::is_integral_v<T>) {
      const bool fits = number >= static_cast<double>(std::numeric_limits<T>::min()) &&
                        number <= static_cast<double>(std::numeric_limits<T>::max());
      if (!fits || number != std::trunc(number)) return false;
    }
    into.push_back(static_cast<T>(number));
  }
  return true;
}

}  // namespace

template <class T>
Numbers<T> GlCall::numbers(size_t index, size_t components) const {
  const Napi::Value value = info_[index];
  Numbers<T> numbers{};
  bool valid = false;
  if (value.IsArray()) {
    valid = copyNumbers(value.As<Napi::Array>(), numbers.copied);
    numbers.data = numbers.copied.data();
    numbers.size = numbers.copied.size();
  } else if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == Elements<T>::type) {
    valid = true;
    numbers.data = reinterpret_cast<const T*>(bytes(index).data);
    numbers.size = value.As<Napi::TypedArray>().ElementLength();
  }
  if (!valid || numbers.size == 0 || numbers.size % components != 0)
    refuse(index, std::string("a ") + Elements<T>::name + " or array of " + std::to_string(components) +
                      " numbers or a multiple");
  return numbers;
}

template Numbers<gl::GLfloat> GlCall::numbers(size_t, size_t) const;
template Numbers<gl::GLint> GlCall::numbers(size_t, size_t) const;
template Numbers<gl::GLuint> GlCall::numbers(size_t, size_t) const;

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

GlWrap::GlWrap(const Napi::CallbackInfo& info) : GuardedWrap(info) {
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
  for (const auto& methods :
       {glBufferMethods(), glContextMethods(), glDrawMethods(), glFramebufferMethods(), glProgramMethods(),
        glStateMethods(), glTextureMethods(), glUniformMethods(), glVertexMethods()})
    for (const GlMethod& method : methods)
      prototype[method.name] = Napi::Function::New(env, method.callback, method.name, const_cast<char*>(method.name));
  exportFunction<isContextLost>(env, prototype, "isContextLost");
  return constructor;
}

}  // namespace framelane::binding
