#include "binding/gl/call.hpp"
#include "gl/data_types.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

constexpr GLenum kAttributeEnabled = 0x8622, kAttributeSize = 0x8623, kAttributeStride = 0x8624,
                 kAttributeType = 0x8625, kAttributePointer = 0x8645, kAttributeDivisor = 0x88FE;
constexpr GLenum kCurrentProgram = 0x8B8D, kActiveUniformBlocks = 0x8A36, kBlockBinding = 0x8A3F,
                 kBlockDataSize = 0x8A40;

GLint64 bufferSize(const GlCall& call, GLuint buffer) {
  if (!call.gl.IsBuffer(buffer)) return 0;
  const GLint before = call.integer(kCopyReadBuffer);
  GLint64 size = 0;
  call.gl.BindBuffer(kCopyReadBuffer, buffer);
  call.gl.GetBufferParameteri64v(kCopyReadBuffer, kBufferSize, &size);
  call.gl.BindBuffer(kCopyReadBuffer, static_cast<GLuint>(before));
  return size;
}

void requireSize(const GlCall& call, GLuint buffer, GLint64 needed, const std::string& reader) {
  const GLint64 size = bufferSize(call, buffer);
  require(size >= needed, "ERR_INVALID_ARGUMENT",
          std::string(call.method()) + ": " + reader + " needs a buffer of " + std::to_string(needed) +
              " bytes, it has " + std::to_string(size));
}

/// Drivers read what lies behind a buffer that is too short, so every enabled attribute is measured as WebGL does.
void requireVertices(const GlCall& call, GLint64 vertices, GLint64 instances) {
  const GLint attributes = call.integer(kMaxVertexAttributes);
  for (GLuint i = 0; i < static_cast<GLuint>(attributes); i++) {
    const auto read = [&](GLenum name) {
      GLint value[4] = {};
      call.gl.GetVertexAttribiv(i, name, value);
      return value[0];
    };
    if (read(kAttributeEnabled) == 0) continue;
    const auto type = static_cast<GLenum>(read(kAttributeType));
    const GLint64 element = packedBytesOf(type) != 0 ? packedBytesOf(type) : read(kAttributeSize) * bytesOf(type);
    const GLint64 stride = read(kAttributeStride);
    const auto divisor = static_cast<GLuint>(read(kAttributeDivisor));
    const GLint64 last = divisor == 0 ? vertices - 1 : (instances - 1) / divisor;
    void* offset = nullptr;
    call.gl.GetVertexAttribPointerv(i, kAttributePointer, &offset);
    const GLint64 needed = reinterpret_cast<GLintptr>(offset) + last * (stride != 0 ? stride : element) + element;
    requireSize(call, static_cast<GLuint>(read(kAttributeBufferBinding)), needed, "attribute " + std::to_string(i));
  }
}

/// The same for the uniform blocks of the program.
void requireBlocks(const GlCall& call) {
  const auto program = static_cast<GLuint>(call.integer(kCurrentProgram));
  GLint blocks = 0;
  if (program != 0) call.gl.GetProgramiv(program, kActiveUniformBlocks, &blocks);
  for (GLuint i = 0; i < static_cast<GLuint>(blocks); i++) {
    GLint binding = 0, needed = 0, buffer = 0;
    call.gl.GetActiveUniformBlockiv(program, i, kBlockBinding, &binding);
    call.gl.GetActiveUniformBlockiv(program, i, kBlockDataSize, &needed);
    call.gl.GetIntegeri_v(kUniformBufferBinding, static_cast<GLuint>(binding), &buffer);
    requireSize(call, static_cast<GLuint>(buffer), needed, "uniform block " + std::to_string(i));
  }
}

/// How many instances the call draws; without the argument it is one.
GLsizei instancesArgument(const GlCall& call, size_t index) { return index == 0 ? 1 : call.argument<GLsizei>(index); }

/// OpenGL draws nothing or reports an error where `count` or `instances` is not positive.
void requireArrays(const GlCall& call, size_t instancesAt) {
  const auto first = call.argument<GLint>(1);
  const auto count = call.argument<GLsizei>(2);
  const GLsizei instances = instancesArgument(call, instancesAt);
  if (first < 0 || count <= 0 || instances <= 0) return;
  requireVertices(call, static_cast<GLint64>(first) + count, instances);
  requireBlocks(call);
}

Napi::Value drawArrays(const GlCall& call) {
  requireArrays(call, 0);
  call.gl.DrawArrays(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLsizei>(2));
  return call.env().Undefined();
}

Napi::Value drawArraysInstanced(const GlCall& call) {
  requireArrays(call, 3);
  call.gl.DrawArraysInstanced(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLsizei>(2),
                              call.argument<GLsizei>(3));
  return call.env().Undefined();
}

/// Where the indices begin, in the bound element buffer, which must have them; and their vertices must be there.
const void* elementsArgument(const GlCall& call, size_t instancesAt) {
  const auto count = call.argument<GLsizei>(1);
  const auto type = call.argument<GLenum>(2);
  const auto offset = call.argument<GLintptr>(3);
  const GLsizei instances = instancesArgument(call, instancesAt);
  const GLsizeiptr element = indexBytes(type);
  if (element == 0) call.refuse(2, "UNSIGNED_BYTE, UNSIGNED_SHORT or UNSIGNED_INT");
  if (offset < 0 || offset % element != 0) call.refuse(3, "a multiple of " + std::to_string(element));
  const auto buffer = static_cast<GLuint>(call.integer(kElementArrayBufferBinding));
  require(buffer != 0, "ERR_INVALID_ARGUMENT",
          std::string(call.method()) + ": no buffer is bound to ELEMENT_ARRAY_BUFFER");
  const auto* start = reinterpret_cast<const void*>(offset);
  if (count <= 0 || instances <= 0) return start;
  requireSize(call, buffer, offset + static_cast<GLint64>(count) * element, "the elements' part");
  const GLuint largest = call.context()->elements().largest(call.gl, buffer, type, offset, count);
  requireVertices(call, static_cast<GLint64>(largest) + 1, instances);
  requireBlocks(call);
  return start;
}

Napi::Value drawElements(const GlCall& call) {
  const void* start = elementsArgument(call, 0);
  call.gl.DrawElements(call.argument<GLenum>(0), call.argument<GLsizei>(1), call.argument<GLenum>(2), start);
  return call.env().Undefined();
}

Napi::Value drawElementsInstanced(const GlCall& call) {
  const void* start = elementsArgument(call, 4);
  call.gl.DrawElementsInstanced(call.argument<GLenum>(0), call.argument<GLsizei>(1), call.argument<GLenum>(2), start,
                                call.argument<GLsizei>(4));
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glDrawMethods() {
  return {
      {"drawArrays", glCallback<drawArrays>},
      {"drawArraysInstanced", glCallback<drawArraysInstanced>},
      {"drawElements", glCallback<drawElements>},
      {"drawElementsInstanced", glCallback<drawElementsInstanced>},
  };
}

}  // namespace framelane::binding
