#include "binding/gl/call.hpp"
#include "gl/data_types.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

Napi::Value createVertexArray(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenVertexArrays(1, &name);
  return call.make(GlKind::vertexArray, name);
}

Napi::Value deleteVertexArray(const GlCall& call) {
  const GlObject* object = call.forget(0, GlKind::vertexArray);
  if (object == nullptr) return call.env().Undefined();
  const bool bound = call.integer(kVertexArrayBinding) == static_cast<GLint>(object->name);
  call.gl.DeleteVertexArrays(1, &object->name);
  call.context()->vertexArrays().forget(object->name);
  if (bound) call.gl.BindVertexArray(call.context()->defaultVertexArray());
  return call.env().Undefined();
}

Napi::Value bindVertexArray(const GlCall& call) {
  const GLuint name = call.nameOrZero(0, GlKind::vertexArray);
  call.gl.BindVertexArray(name != 0 ? name : call.context()->defaultVertexArray());
  return call.env().Undefined();
}

/// An offset into the buffer that is bound to ARRAY_BUFFER, which becomes an attribute's; without one it would be an
/// address.
const void* offsetArgument(const GlCall& call, size_t index) {
  const auto buffer = static_cast<GLuint>(call.integer(kArrayBufferBinding));
  if (buffer == 0) call.refuse(index, "a buffer to be bound to ARRAY_BUFFER");
  const auto offset = call.argument<GLintptr>(index);
  if (offset < 0) call.refuse(index, "an offset of at least 0");
  call.context()->vertexArrays().attached(call.gl, buffer);
  return reinterpret_cast<const void*>(offset);
}

/// One whose size draws know; a desktop's OpenGL has more of them.
GLenum typeArgument(const GlCall& call, size_t index) {
  const auto type = call.argument<GLenum>(index);
  if (bytesOf(type) == 0 && packedBytesOf(type) == 0) call.refuse(index, "a type of WebGL 2, such as FLOAT");
  return type;
}

/// As far apart as WebGL has vertices: of OpenGL's strides some drivers keep 16 bits, and others' sums would not
/// fit 64.
GLsizei strideArgument(const GlCall& call, size_t index) {
  const auto stride = call.argument<GLsizei>(index);
  if (stride < 0 || stride > 255) call.refuse(index, "a stride from 0 to 255 bytes");
  return stride;
}

Napi::Value vertexAttribPointer(const GlCall& call) {
  const void* offset = offsetArgument(call, 5);
  call.gl.VertexAttribPointer(call.argument<GLuint>(0), call.argument<GLint>(1), typeArgument(call, 2),
                              call.argument<GLboolean>(3), strideArgument(call, 4), offset);
  return call.env().Undefined();
}

Napi::Value vertexAttribIPointer(const GlCall& call) {
  const void* offset = offsetArgument(call, 4);
  call.gl.VertexAttribIPointer(call.argument<GLuint>(0), call.argument<GLint>(1), typeArgument(call, 2),
                               strideArgument(call, 3), offset);
  return call.env().Undefined();
}

template <auto member, size_t components>
Napi::Value vertexAttribute(const GlCall& call) {
  (call.gl.*member)(call.argument<GLuint>(0), call.numbers<GLfloat>(1, components).data);
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glVertexMethods() {
  return {
      {"bindVertexArray", glCallback<bindVertexArray>},
      {"createVertexArray", glCallback<createVertexArray>},
      {"deleteVertexArray", glCallback<deleteVertexArray>},
      {"disableVertexAttribArray", glCallback<plain<&Functions::DisableVertexAttribArray>>},
      {"enableVertexAttribArray", glCallback<plain<&Functions::EnableVertexAttribArray>>},
      {"vertexAttrib1fv", glCallback<vertexAttribute<&Functions::VertexAttrib1fv, 1>>},
      {"vertexAttrib2fv", glCallback<vertexAttribute<&Functions::VertexAttrib2fv, 2>>},
      {"vertexAttrib3fv", glCallback<vertexAttribute<&Functions::VertexAttrib3fv, 3>>},
      {"vertexAttrib4fv", glCallback<vertexAttribute<&Functions::VertexAttrib4fv, 4>>},
      {"vertexAttribDivisor", glCallback<plain<&Functions::VertexAttribDivisor>>},
      {"vertexAttribIPointer", glCallback<vertexAttribIPointer>},
      {"vertexAttribPointer", glCallback<vertexAttribPointer>},
  };
}

}  // namespace framelane::binding
