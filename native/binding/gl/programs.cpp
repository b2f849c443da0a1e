#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

constexpr GLenum kDeleteStatus = 0x8B80, kCompileStatus = 0x8B81, kLinkStatus = 0x8B82, kValidateStatus = 0x8B83,
                 kInfoLogLength = 0x8B84, kShaderSourceLength = 0x8B88;
constexpr GLenum kActiveUniforms = 0x8B86, kActiveUniformMaxLength = 0x8B87, kActiveAttributes = 0x8B89,
                 kActiveAttributeMaxLength = 0x8B8A;

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

using TextGetter = void (*)(GLuint, GLsizei, GLsizei*, char*);

Napi::Value text(const GlCall& call, GLuint name, Getter get, GLenum lengthParameter, TextGetter getText) {
  GLint room = 0;
  get(name, lengthParameter, &room);
  std::string text(room > 0 ? room : 1, '\0');
  GLsizei length = 0;
  getText(name, static_cast<GLsizei>(text.size()), &length, text.data());
  return Napi::String::New(call.env(), text.data(), length);
}

Napi::Value getShaderInfoLog(const GlCall& call) {
  const GLuint name = call.name(0, GlKind::shader);
  return text(call, name, call.gl.GetShaderiv, kInfoLogLength, call.gl.GetShaderInfoLog);
}

Napi::Value getProgramInfoLog(const GlCall& call) {
  const GLuint name = call.name(0, GlKind::program);
  return text(call, name, call.gl.GetProgramiv, kInfoLogLength, call.gl.GetProgramInfoLog);
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

Napi::Value getShaderSource(const GlCall& call) {
  const GLuint name = call.name(0, GlKind::shader);
  return text(call, name, call.gl.GetShaderiv, kShaderSourceLength, call.gl.GetShaderSource);
}

using GetActive = void (*)(GLuint, GLuint, GLsizei, GLsizei*, GLint*, GLenum*, char*);

/// { name, size, type } of an attribute or uniform that the program uses; null beyond the last one.
Napi::Value active(const GlCall& call, GLenum count, GLenum longest, GetActive get) {
  const GLuint program = call.name(0, GlKind::program);
  const auto index = call.argument<GLuint>(1);
  GLint known = 0, room = 0;
  call.gl.GetProgramiv(program, count, &known);
  if (index >= static_cast<GLuint>(known)) return call.env().Null();
  call.gl.GetProgramiv(program, longest, &room);
  std::string name(std::max(room, 1), '\0');
  GLsizei length = 0;
  GLint size = 0;
  GLenum type = 0;
  get(program, index, static_cast<GLsizei>(name.size()), &length, &size, &type, name.data());
  auto info = Napi::Object::New(call.env());
  info["name"] = Napi::String::New(call.env(), name.data(), length);
  info["size"] = Napi::Number::New(call.env(), size);
  info["type"] = Napi::Number::New(call.env(), type);
  return info;
}

Napi::Value getActiveAttrib(const GlCall& call) {
  return active(call, kActiveAttributes, kActiveAttributeMaxLength, call.gl.GetActiveAttrib);
}

Napi::Value getActiveUniform(const GlCall& call) {
  return active(call, kActiveUniforms, kActiveUniformMaxLength, call.gl.GetActiveUniform);
}

Napi::Value getUniformBlockIndex(const GlCall& call) {
  return toJs(call.env(), call.gl.GetUniformBlockIndex(call.name(0, GlKind::program), call.string(1).c_str()));
}

Napi::Value uniformBlockBinding(const GlCall& call) {
  call.gl.UniformBlockBinding(call.name(0, GlKind::program), call.argument<GLuint>(1), call.argument<GLuint>(2));
  return call.env().Undefined();
}

/// A desktop's OpenGL computes with full precision, whatever a shader asks for (GLSL 4.60, 4.7).
Napi::Value getShaderPrecisionFormat(const GlCall& call) {
  constexpr GLenum kLowFloat = 0x8DF0, kHighFloat = 0x8DF2, kHighInt = 0x8DF5;
  const auto type = call.argument<GLenum>(1);
  if (type < kLowFloat || type > kHighInt) call.refuse(1, "LOW_FLOAT to HIGH_FLOAT or LOW_INT to HIGH_INT");
  const bool real = type <= kHighFloat;
  auto format = Napi::Object::New(call.env());
  format["rangeMin"] = Napi::Number::New(call.env(), real ? 127 : 31);
  format["rangeMax"] = Napi::Number::New(call.env(), real ? 127 : 30);
  format["precision"] = Napi::Number::New(call.env(), real ? 23 : 0);
  return format;
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
      {"getActiveAttrib", glCallback<getActiveAttrib>},
      {"getActiveUniform", glCallback<getActiveUniform>},
      {"getAttribLocation", glCallback<getAttribLocation>},
      {"getProgramInfoLog", glCallback<getProgramInfoLog>},
      {"getProgramParameter", glCallback<getProgramParameter>},
      {"getShaderInfoLog", glCallback<getShaderInfoLog>},
      {"getShaderParameter", glCallback<getShaderParameter>},
      {"getShaderPrecisionFormat", glCallback<getShaderPrecisionFormat>},
      {"getShaderSource", glCallback<getShaderSource>},
      {"getUniformBlockIndex", glCallback<getUniformBlockIndex>},
      {"getUniformLocation", glCallback<getUniformLocation>},
      {"linkProgram", glCallback<linkProgram>},
      {"shaderSource", glCallback<shaderSource>},
      {"uniformBlockBinding", glCallback<uniformBlockBinding>},
      {"useProgram", glCallback<useProgram>},
  };
}

}  // namespace framelane::binding
