#include <cstring>

#include "binding/gl_call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

constexpr GLenum kCopyReadBuffer = 0x8F36, kCopyReadBufferBinding = 0x8F36;
constexpr GLenum kAttributeEnabled = 0x8622, kAttributeSize = 0x8623, kAttributeStride = 0x8624,
                 kAttributeType = 0x8625, kAttributePointer = 0x8645, kAttributeBufferBinding = 0x889F;
constexpr GLenum kMaxVertexAttributes = 0x8869;

Napi::Value createBuffer(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenBuffers(1, &name);
  return call.make(GlKind::buffer, name);
}

Napi::Value deleteBuffer(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::buffer)) call.gl.DeleteBuffers(1, &object->name);
  return call.env().Undefined();
}

Napi::Value bindBuffer(const GlCall& call) {
  call.gl.BindBuffer(call.argument<GLenum>(0), call.nameOrZero(1, GlKind::buffer));
  return call.env().Undefined();
}

/// A size makes room, an array fills it too.
Napi::Value bufferData(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const auto usage = call.argument<GLenum>(2);
  if (call[1].IsNumber()) {
    call.gl.BufferData(target, call.argument<GLsizeiptr>(1), nullptr, usage);
  } else {
    const Bytes bytes = call.bytes(1);
    call.gl.BufferData(target, static_cast<GLsizeiptr>(bytes.size), bytes.data, usage);
  }
  return call.env().Undefined();
}

Napi::Value bufferSubData(const GlCall& call) {
  const Bytes bytes = call.bytes(2);
  call.gl.BufferSubData(call.argument<GLenum>(0), call.argument<GLintptr>(1), static_cast<GLsizeiptr>(bytes.size),
                        bytes.data);
  return call.env().Undefined();
}

/// Mapped, because OpenGL ES has no glGetBufferSubData; a range outside the buffer is left to getError().
Napi::Value getBufferSubData(const GlCall& call) {
  const auto target = call.argument<GLenum>(0);
  const auto offset = call.argument<GLintptr>(1);
  const Bytes into = call.bytes(2);
  if (into.size == 0) return call.env().Undefined();
  const void* mapped = call.gl.MapBufferRange(target, offset, static_cast<GLsizeiptr>(into.size), kMapReadBit);
  if (mapped == nullptr) return call.env().Undefined();
  std::memcpy(into.data, mapped, into.size);
  call.gl.UnmapBuffer(target);
  return call.env().Undefined();
}

Napi::Value createVertexArray(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenVertexArrays(1, &name);
  return call.make(GlKind::vertexArray, name);
}

Napi::Value deleteVertexArray(const GlCall& call) {
  const GlObject* object = call.forget(0, GlKind::vertexArray);
  if (object == nullptr) return call.env().Undefined();
  const bool bound = call.integer(0x85B5) == static_cast<GLint>(object->name);  // VERTEX_ARRAY_BINDING
  call.gl.DeleteVertexArrays(1, &object->name);
  if (bound) call.gl.BindVertexArray(call.context()->defaultVertexArray());
  return call.env().Undefined();
}

Napi::Value bindVertexArray(const GlCall& call) {
  const GLuint name = call.nameOrZero(0, GlKind::vertexArray);
  call.gl.BindVertexArray(name != 0 ? name : call.context()->defaultVertexArray());
  return call.env().Undefined();
}

/// The last argument is an offset into the buffer that is bound to ARRAY_BUFFER; without one it would be an address.
Napi::Value vertexAttribPointer(const GlCall& call) {
  require(call.integer(kArrayBufferBinding) != 0, "ERR_INVALID_ARGUMENT",
          "vertexAttribPointer: no buffer is bound to ARRAY_BUFFER");
  call.gl.VertexAttribPointer(call.argument<GLuint>(0), call.argument<GLint>(1), call.argument<GLenum>(2),
                              call.argument<GLboolean>(3), call.argument<GLsizei>(4),
                              reinterpret_cast<const void*>(call.argument<GLintptr>(5)));
  return call.env().Undefined();
}

GLint64 bytesOf(GLenum type) {
  switch (type) {
    case kByte:
    case kUnsignedByte: return 1;
    case kShort:
    case kUnsignedShort:
    case kHalfFloat: return 2;
    default: return 4;
  }
}

GLint64 bufferSize(const GlCall& call, GLuint buffer) {
  const GLint before = call.integer(kCopyReadBufferBinding);
  GLint64 size = 0;
  call.gl.BindBuffer(kCopyReadBuffer, buffer);
  call.gl.GetBufferParameteri64v(kCopyReadBuffer, kBufferSize, &size);
  call.gl.BindBuffer(kCopyReadBuffer, static_cast<GLuint>(before));
  return size;
}

/// Drivers read what lies behind a buffer that is too short, so every enabled attribute is measured as WebGL does.
void requireVertices(const GlCall& call, GLint64 vertices) {
  const GLint attributes = call.integer(kMaxVertexAttributes);
  for (GLuint i = 0; i < static_cast<GLuint>(attributes); i++) {
    const auto read = [&](GLenum name) {
      GLint value[4] = {};
      call.gl.GetVertexAttribiv(i, name, value);
      return value[0];
    };
    if (read(kAttributeEnabled) == 0) continue;
    const auto buffer = static_cast<GLuint>(read(kAttributeBufferBinding));
    const GLint64 element = read(kAttributeSize) * bytesOf(static_cast<GLenum>(read(kAttributeType)));
    const GLint64 stride = read(kAttributeStride);
    void* offset = nullptr;
    call.gl.GetVertexAttribPointerv(i, kAttributePointer, &offset);
    const GLint64 needed =
        reinterpret_cast<GLintptr>(offset) + (vertices - 1) * (stride != 0 ? stride : element) + element;
    const GLint64 size = buffer == 0 ? 0 : bufferSize(call, buffer);
    require(size >= needed, "ERR_INVALID_ARGUMENT",
            "drawArrays: attribute " + std::to_string(i) + " needs a buffer of " + std::to_string(needed) +
                " bytes, it has " + std::to_string(size));
  }
}

Napi::Value drawArrays(const GlCall& call) {
  const auto mode = call.argument<GLenum>(0);
  const auto first = call.argument<GLint>(1);
  const auto count = call.argument<GLsizei>(2);
  if (first >= 0 && count > 0) requireVertices(call, static_cast<GLint64>(first) + count);
  call.gl.DrawArrays(mode, first, count);
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glBufferMethods() {
  return {
      {"bindBuffer", glCallback<bindBuffer>},
      {"bindVertexArray", glCallback<bindVertexArray>},
      {"bufferData", glCallback<bufferData>},
      {"bufferSubData", glCallback<bufferSubData>},
      {"createBuffer", glCallback<createBuffer>},
      {"createVertexArray", glCallback<createVertexArray>},
      {"deleteBuffer", glCallback<deleteBuffer>},
      {"deleteVertexArray", glCallback<deleteVertexArray>},
      {"disableVertexAttribArray", glCallback<plain<&Functions::DisableVertexAttribArray>>},
      {"drawArrays", glCallback<drawArrays>},
      {"enableVertexAttribArray", glCallback<plain<&Functions::EnableVertexAttribArray>>},
      {"getBufferSubData", glCallback<getBufferSubData>},
      {"vertexAttribPointer", glCallback<vertexAttribPointer>},
  };
}

}  // namespace framelane::binding
