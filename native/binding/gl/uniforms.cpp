#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

/// -1, which OpenGL ignores, for the null of a uniform that the program does not have.
GLint location(const GlCall& call) {
  return call.isNull(0) ? -1 : static_cast<GLint>(call.name(0, GlKind::uniformLocation));
}

/// A boolean is 0 or 1, as in WebGL: shaders have uniforms of type bool.
template <class Value>
Value value(const GlCall& call, size_t index) {
  return call[index].IsBoolean() ? static_cast<Value>(call.argument<GLboolean>(index)) : call.argument<Value>(index);
}

template <class... Values>
Napi::Value uniformOf(const GlCall& call, void (*function)(GLint, Values...)) {
  const auto values = [&]<size_t... I>(std::index_sequence<I...>) {
    return std::tuple<Values...>{value<Values>(call, I + 1)...};
  }
  (std::index_sequence_for<Values...>{});
  std::apply([&](Values... value) { function(location(call), value...); }, values);
  return call.env().Undefined();
}

template <auto member>
Napi::Value uniform(const GlCall& call) {
  return uniformOf(call, call.gl.*member);
}

template <class T>
Napi::Value vectorsOf(const GlCall& call, void (*function)(GLint, GLsizei, const T*), size_t components) {
  const Numbers<T> numbers = call.numbers<T>(1, components);
  function(location(call), static_cast<GLsizei>(numbers.size / components), numbers.data);
  return call.env().Undefined();
}

template <auto member, size_t components>
Napi::Value vectors(const GlCall& call) {
  return vectorsOf(call, call.gl.*member, components);
}

template <auto member, size_t components>
Napi::Value matrices(const GlCall& call) {
  const Numbers<GLfloat> numbers = call.numbers<GLfloat>(2, components);
  const auto count = static_cast<GLsizei>(numbers.size / components);
  (call.gl.*member)(location(call), count, call.argument<GLboolean>(1), numbers.data);
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glUniformMethods() {
  return {
      {"uniform1f", glCallback<uniform<&Functions::Uniform1f>>},
      {"uniform1fv", glCallback<vectors<&Functions::Uniform1fv, 1>>},
      {"uniform1i", glCallback<uniform<&Functions::Uniform1i>>},
      {"uniform1iv", glCallback<vectors<&Functions::Uniform1iv, 1>>},
      {"uniform1ui", glCallback<uniform<&Functions::Uniform1ui>>},
      {"uniform1uiv", glCallback<vectors<&Functions::Uniform1uiv, 1>>},
      {"uniform2f", glCallback<uniform<&Functions::Uniform2f>>},
      {"uniform2fv", glCallback<vectors<&Functions::Uniform2fv, 2>>},
      {"uniform2i", glCallback<uniform<&Functions::Uniform2i>>},
      {"uniform2iv", glCallback<vectors<&Functions::Uniform2iv, 2>>},
      {"uniform2ui", glCallback<uniform<&Functions::Uniform2ui>>},
      {"uniform2uiv", glCallback<vectors<&Functions::Uniform2uiv, 2>>},
      {"uniform3f", glCallback<uniform<&Functions::Uniform3f>>},
      {"uniform3fv", glCallback<vectors<&Functions::Uniform3fv, 3>>},
      {"uniform3i", glCallback<uniform<&Functions::Uniform3i>>},
      {"uniform3iv", glCallback<vectors<&Functions::Uniform3iv, 3>>},
      {"uniform3ui", glCallback<uniform<&Functions::Uniform3ui>>},
      {"uniform3uiv", glCallback<vectors<&Functions::Uniform3uiv, 3>>},
      {"uniform4f", glCallback<uniform<&Functions::Uniform4f>>},
      {"uniform4fv", glCallback<vectors<&Functions::Uniform4fv, 4>>},
      {"uniform4i", glCallback<uniform<&Functions::Uniform4i>>},
      {"uniform4iv", glCallback<vectors<&Functions::Uniform4iv, 4>>},
      {"uniform4ui", glCallback<uniform<&Functions::Uniform4ui>>},
      {"uniform4uiv", glCallback<vectors<&Functions::Uniform4uiv, 4>>},
      {"uniformMatrix2fv", glCallback<matrices<&Functions::UniformMatrix2fv, 4>>},
      {"uniformMatrix3fv", glCallback<matrices<&Functions::UniformMatrix3fv, 9>>},
      {"uniformMatrix4fv", glCallback<matrices<&Functions::UniformMatrix4fv, 16>>},
  };
}

}  // namespace framelane::binding
