#include <cstring>

#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

/// The parameter that tells which buffer is bound to a target; 0 for one that is not used here.
GLenum bindingOf(GLenum target) {
  switch (target) {
    case kArrayBuffer: return kArrayBufferBinding;
    case kElementArrayBuffer: return kElementArrayBufferBinding;
    case kUniformBuffer: return kUniformBufferBinding;
    case kPixelPackBuffer: return kPixelPackBufferBinding;
    case kPixelUnpackBuffer: return kPixelUnpackBufferBinding;
    case kCopyReadBuffer:
    case kCopyWriteBuffer: return target;
    default: return 0;
  }
}

/// What is known of a buffer's indices ends where it is written.
void written(const GlCall& call, GLenum target) {
  ElementRanges& elements = call.context()->elements();
  const GLenum binding = bindingOf(target);
  if (binding != 0)
    elements.forget(static_cast<GLuint>(call.integer(binding)));
  else
    elements.forgetAll();
}

Napi::Value createBuffer(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenBuffers(1, &name);
  return call.make(GlKind::buffer, name);
}

Napi::Value deleteBuffer(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::buffer)) {
    call.context()->elements().forget(object->name);
    call.context()->vertexArrays().detach(call.gl, object->name);
    call.gl.DeleteBuffers(1, &object->name);
  }
  return call.env().Undefined();
}

Napi::Value bindBuffer(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const GLuint buffer = call.nameOrZero(1, GlKind::buffer);
  call.gl.BindBuffer(target, buffer);
  if (target == kElementArrayBuffer) call.context()->vertexArrays().attached(call.gl, buffer);
  return call.env().Undefined();
}

/// A size makes room, an array fills it too.
Napi::Value bufferData(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const auto usage = call.argument<GLenum>(2);
  if (call[1].IsNumber()) {
    call.gl.BufferData(target, call.argument<GLsizeiptr>(1), nullptr, usage);
  } else {
    const Bytes bytes = call.part(1, 3);
    call.gl.BufferData(target, static_cast<GLsizeiptr>(bytes.size), bytes.data, usage);
  }
  written(call, target);
  return call.env().Undefined();
}

Napi::Value bufferSubData(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const Bytes bytes = call.part(2, 3);
  call.gl.BufferSubData(target, call.argument<GLintptr>(1), static_cast<GLsizeiptr>(bytes.size), bytes.data);
  written(call, target);
  return call.env().Undefined();
}

/// Mapped, because OpenGL ES has no glGetBufferSubData; a range outside the buffer is left to getError().
Napi::Value getBufferSubData(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const auto offset = call.argument<GLintptr>(1);
  const Bytes into = call.part(2, 3);
  if (into.size == 0) return call.env().Undefined();
  const void* mapped = call.gl.MapBufferRange(target, offset, static_cast<GLsizeiptr>(into.size), kMapReadBit);
  if (mapped == nullptr) return call.env().Undefined();
  std::memcpy(into.data, mapped, into.size);
  call.gl.UnmapBuffer(target);
  return call.env().Undefined();
}

/// To what else a desktop's OpenGL binds by index shaders write, and what is known of indices would end unnoticed.
Napi::Value bindBufferBase(const GlCall& call) {
  if (call.argument<GLenum>(0) != kUniformBuffer) call.refuse(0, "UNIFORM_BUFFER");
  call.gl.BindBufferBase(kUniformBuffer, call.argument<GLuint>(1), call.nameOrZero(2, GlKind::buffer));
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glBufferMethods() {
  return {
      {"bindBuffer", glCallback<bindBuffer>},
      {"bindBufferBase", glCallback<bindBufferBase>},
      {"bufferData", glCallback<bufferData>},
      {"bufferSubData", glCallback<bufferSubData>},
      {"createBuffer", glCallback<createBuffer>},
      {"deleteBuffer", glCallback<deleteBuffer>},
      {"getBufferSubData", glCallback<getBufferSubData>},
  };
}

}  // namespace framelane::binding
