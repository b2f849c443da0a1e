#include "binding/gl_call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

constexpr GLenum kDeleteStatus = 0x8B80, kCompileStatus = 0x8B81, kLinkStatus = 0x8B82, kValidateStatus = 0x8B83,
                 kInfoLogLength = 0x8B84;

Napi::Value createShader(const GlCall& call) {
  return call.make(GlKind::shader, call.gl.CreateShader(call.argument<GLenum>(0)));
}

Napi::Value createProgram(const GlCall& call) { return call.make(GlKind::program, call.gl.CreateProgram()); }

Napi::Value deleteShader(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::shader)) call.gl.DeleteShader(object->name);
  return call.env().Undefined();
}

Napi::Value deleteProgram(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::program)) call.gl.DeleteProgram(object->name);
  return call.env().Undefined();
}

Napi::Value shaderSource(const GlCall& call) {
  const std::string source = call.string(1);
  const char* text = source.data();
  const auto length = static_cast<GLint>(source.size());
  call.gl.ShaderSource(call.name(0, GlKind::shader), 1, &text, &length);
  return call.env().Undefined();
}

Napi::Value compileShader(const GlCall& call) {
  call.gl.CompileShader(call.name(0, GlKind::shader));
  return call.env().Undefined();
}

using Getter = void (*)(GLuint, GLenum, GLint*);

/// Statuses are booleans, all else is a number; a name that is not known is left to getError().
Napi::Value parameter(const GlCall& call, Getter get, GlKind kind) {
  const auto name = call.argument<GLenum>(1);
  GLint values[4] = {};  // no parameter of a shader or program has more
  get(call.name(0, kind), name, values);
  const bool status = name == kDeleteStatus || name == kCompileStatus || name == kLinkStatus || name == kValidateStatus;
  return status ? Napi::Value(Napi::Boolean::New(call.env(), values[0] != 0)) : toJs(call.env(), values[0]);
}

Napi::Value getShaderParameter(const GlCall& call) { return parameter(call, call.gl.GetShaderiv, GlKind::shader); }
Napi::Value getProgramParameter(const GlCall& call) { return parameter(call, call.gl.GetProgramiv, GlKind::program); }

Napi::Value infoLog(const GlCall& call, GLuint name, Getter get, void (*getLog)(GLuint, GLsizei, GLsizei*, char*)) {
  GLint room = 0;
  get(name, kInfoLogLength, &room);
  std::string log(room > 0 ? room : 1, '\0');
  GLsizei length = 0;
  getLog(name, static_cast<GLsizei>(log.size()), &length, log.data());
  return Napi::String::New(call.env(), log.data(), length);
}

Napi::Value getShaderInfoLog(const GlCall& call) {
  return infoLog(call, call.name(0, GlKind::shader), call.gl.GetShaderiv, call.gl.GetShaderInfoLog);
}

Napi::Value getProgramInfoLog(const GlCall& call) {
  return infoLog(call, call.name(0, GlKind::program), call.gl.GetProgramiv, call.gl.GetProgramInfoLog);
}

Napi::Value attachShader(const GlCall& call) {
  call.gl.AttachShader(call.name(0, GlKind::program), call.name(1, GlKind::shader));
  return call.env().Undefined();
}

Napi::Value detachShader(const GlCall& call) {
  call.gl.DetachShader(call.name(0, GlKind::program), call.name(1, GlKind::shader));
  return call.env().Undefined();
}

Napi::Value linkProgram(const GlCall& call) {
  call.gl.LinkProgram(call.name(0, GlKind::program));
  return call.env().Undefined();
}

Napi::Value useProgram(const GlCall& call) {
  call.gl.UseProgram(call.nameOrZero(0, GlKind::program));
  return call.env().Undefined();
}

Napi::Value bindAttribLocation(const GlCall& call) {
  call.gl.BindAttribLocation(call.name(0, GlKind::program), call.argument<GLuint>(1), call.string(2).c_str());
  return call.env().Undefined();
}

Napi::Value getAttribLocation(const GlCall& call) {
  return toJs(call.env(), call.gl.GetAttribLocation(call.name(0, GlKind::program), call.string(1).c_str()));
}

Napi::Value getUniformLocation(const GlCall& call) {
  const GLint location = call.gl.GetUniformLocation(call.name(0, GlKind::program), call.string(1).c_str());
  return location < 0 ? call.env().Null() : call.make(GlKind::uniformLocation, static_cast<GLuint>(location));
}

/// -1, which OpenGL ignores, for the null of a uniform that the program does not have.
GLint location(const GlCall& call) {
  return call.isNull(0) ? -1 : static_cast<GLint>(call.name(0, GlKind::uniformLocation));
}

template <class... Values>
Napi::Value uniformOf(const GlCall& call, void (*function)(GLint, Values...)) {
  const auto values = [&]<size_t... I>(std::index_sequence<I...>) {
    return std::tuple<Values...>{call.argument<Values>(I + 1)...};
  }
  (std::index_sequence_for<Values...>{});
  std::apply([&](Values... value) { function(location(call), value...); }, values);
  return call.env().Undefined();
}

template <auto member>
Napi::Value uniform(const GlCall& call) {
  return uniformOf(call, call.gl.*member);
}

template <auto member, size_t components>
Napi::Value uniformVector(const GlCall& call) {
  const auto [data, count] = call.floats(1, components);
  (call.gl.*member)(location(call), count, data);
  return call.env().Undefined();
}

template <auto member, size_t components>
Napi::Value uniformMatrix(const GlCall& call) {
  const auto [data, count] = call.floats(2, components);
  (call.gl.*member)(location(call), count, call.argument<GLboolean>(1), data);
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glProgramMethods() {
  return {
      {"attachShader", glCallback<attachShader>},
      {"bindAttribLocation", glCallback<bindAttribLocation>},
      {"compileShader", glCallback<compileShader>},
      {"createProgram", glCallback<createProgram>},
      {"createShader", glCallback<createShader>},
      {"deleteProgram", glCallback<deleteProgram>},
      {"deleteShader", glCallback<deleteShader>},
      {"detachShader", glCallback<detachShader>},
      {"getAttribLocation", glCallback<getAttribLocation>},
      {"getProgramInfoLog", glCallback<getProgramInfoLog>},
      {"getProgramParameter", glCallback<getProgramParameter>},
      {"getShaderInfoLog", glCallback<getShaderInfoLog>},
      {"getShaderParameter", glCallback<getShaderParameter>},
      {"getUniformLocation", glCallback<getUniformLocation>},
      {"linkProgram", glCallback<linkProgram>},
      {"shaderSource", glCallback<shaderSource>},
      {"uniform1f", glCallback<uniform<&Functions::Uniform1f>>},
      {"uniform1fv", glCallback<uniformVector<&Functions::Uniform1fv, 1>>},
      {"uniform1i", glCallback<uniform<&Functions::Uniform1i>>},
      {"uniform2f", glCallback<uniform<&Functions::Uniform2f>>},
      {"uniform2fv", glCallback<uniformVector<&Functions::Uniform2fv, 2>>},
      {"uniform2i", glCallback<uniform<&Functions::Uniform2i>>},
      {"uniform3f", glCallback<uniform<&Functions::Uniform3f>>},
      {"uniform3fv", glCallback<uniformVector<&Functions::Uniform3fv, 3>>},
      {"uniform4f", glCallback<uniform<&Functions::Uniform4f>>},
      {"uniform4fv", glCallback<uniformVector<&Functions::Uniform4fv, 4>>},
      {"uniformMatrix3fv", glCallback<uniformMatrix<&Functions::UniformMatrix3fv, 9>>},
      {"uniformMatrix4fv", glCallback<uniformMatrix<&Functions::UniformMatrix4fv, 16>>},
      {"useProgram", glCallback<useProgram>},
  };
}

}  // namespace framelane::binding
