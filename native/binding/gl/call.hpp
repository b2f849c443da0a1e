#pragma once
// How a method of `gl` becomes a call of OpenGL. Wrong arguments throw before OpenGL sees them where they could crash;
// what is merely wrong to OpenGL is left to getError(), as in WebGL.
#include <napi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "binding/environment.hpp"
#include "binding/gl/object.hpp"
#include "binding/guarded.hpp"

namespace framelane::binding {

/// `gl` of a window: the functions of its context.
class GlWrap : public GuardedWrap<GlWrap> {
 public:
  /// Of a window, or of the current context of another library.
  explicit GlWrap(const Napi::CallbackInfo& info);
  static Napi::Function define(Napi::Env env);
  /// Empty once the window has been freed.
  std::shared_ptr<gl::Context> context() const { return context_.lock(); }
  /// Ends the use of an adopted context; another one ends with its window.
  void release() { adopted_.reset(); }

 private:
  std::shared_ptr<gl::Context> adopted_;
  std::weak_ptr<gl::Context> context_;
};

template <>
struct Tag<GlWrap> {
  static constexpr napi_type_tag value{0x5b6f8a02c3de4c8f, 0x9d10a7e4f8230b66};
};

struct Bytes {
  std::byte* data;
  size_t size;
};

/// Numbers of an array, where they lie or copied.
template <class T>
struct Numbers {
  const T* data;
  size_t size;
  std::vector<T> copied;
};

class GlCall {
 public:
  explicit GlCall(const Napi::CallbackInfo& info);

  Napi::Env env() const { return info_.Env(); }
  const std::shared_ptr<gl::Context>& context() const { return context_; }
  Napi::Value operator[](size_t index) const { return info_[index]; }
  const char* method() const { return static_cast<const char*>(info_.Data()); }
  /// `texImage2D: argument 3`.
  std::string where(size_t index) const;
  [[noreturn]] void refuse(size_t index, const std::string& expected) const;

  template <class T>
  T argument(size_t index) const {
    if constexpr (std::is_same_v<T, gl::GLboolean>) {
      if (!info_[index].IsBoolean()) refuse(index, "a boolean");
      return info_[index].As<Napi::Boolean>().Value();
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(number(index, "a number"));
    } else {
      constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
      constexpr double high = std::min(static_cast<double>(std::numeric_limits<T>::max()), 9007199254740991.0);
      const double value = number(index, "an integer");
      if (!(value >= low && value <= high) || value != std::trunc(value))
        refuse(index, std::is_unsigned_v<T> ? "an integer of at least 0" : "an integer");
      return static_cast<T>(value);
    }
  }

  std::string string(size_t index) const;
  /// The bytes of a typed array or DataView.
  Bytes bytes(size_t index) const;
  /// The same, optionally cut by two arguments from `from` on: the first element and their number.
  Bytes part(size_t index, size_t from) const;
  /// Of a Float32Array, Int32Array or Uint32Array, or of an array of numbers: a positive multiple of `components`.
  template <class T>
  Numbers<T> numbers(size_t index, size_t components) const;
  gl::GLint integer(gl::GLenum parameter) const;
  bool isNull(size_t index) const { return info_[index].IsNull() || info_[index].IsUndefined(); }

  /// The name of an object; 0 for null.
  gl::GLuint nameOrZero(size_t index, GlKind kind) const { return isNull(index) ? 0 : name(index, kind); }
  gl::GLuint name(size_t index, GlKind kind) const { return object(index, kind).name; }
  GlObject& object(size_t index, GlKind kind) const { return glObject(info_[index], kind, context_, where(index)); }
  Napi::Value make(GlKind kind, gl::GLuint name, gl::GLsync sync = nullptr) const;
  /// For delete…(): the object, marked as deleted; null where there is nothing to do.
  const GlObject* forget(size_t index, GlKind kind) const;

 private:
  double number(size_t index, const char* expected) const;

  const Napi::CallbackInfo& info_;
  std::shared_ptr<gl::Context> context_;

 public:
  const gl::Functions& gl;
};

inline Napi::Value toJs(Napi::Env env, gl::GLboolean value) { return Napi::Boolean::New(env, value != 0); }
template <class Number>
Napi::Value toJs(Napi::Env env, Number value) {
  return Napi::Number::New(env, value);
}

/// Calls a function whose arguments are all numbers and booleans.
template <class Result, class... Arguments>
Napi::Value callPlain(const GlCall& call, Result (*function)(Arguments...)) {
  const auto arguments = [&]<size_t... I>(std::index_sequence<I...>) {
    return std::tuple<Arguments...>{call.argument<Arguments>(I)...};
  }
  (std::index_sequence_for<Arguments...>{});
  if constexpr (std::is_void_v<Result>) {
    std::apply(function, arguments);
    return call.env().Undefined();
  } else {
    return toJs(call.env(), std::apply(function, arguments));
  }
}

template <auto member>
Napi::Value plain(const GlCall& call) {
  return callPlain(call, call.gl.*member);
}

/// A method of `gl` by its WebGL name.
struct GlMethod {
  const char* name;
  Napi::Value (*callback)(const Napi::CallbackInfo& info);
};

template <Napi::Value (*body)(const GlCall&)>
Napi::Value glCallback(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&] { return body(GlCall(info)); });
}

/// Each of these files brings a part of WebGL.
std::vector<GlMethod> glBufferMethods();
std::vector<GlMethod> glContextMethods();
std::vector<GlMethod> glDrawMethods();
std::vector<GlMethod> glFramebufferMethods();
std::vector<GlMethod> glProgramMethods();
std::vector<GlMethod> glStateMethods();
std::vector<GlMethod> glTextureMethods();
std::vector<GlMethod> glUniformMethods();
std::vector<GlMethod> glVertexMethods();

}  // namespace framelane::binding
