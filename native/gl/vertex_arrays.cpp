#include "gl/vertex_arrays.hpp"

namespace framelane::gl {

namespace {

GLuint nameOf(const Functions& gl, GLenum binding) {
  GLint name = 0;
  gl.GetIntegerv(binding, &name);
  return static_cast<GLuint>(name);
}

/// From the bound vertex array; leaves nothing bound to ARRAY_BUFFER.
void detachFromBound(const Functions& gl, GLuint buffer) {
  if (nameOf(gl, kElementArrayBufferBinding) == buffer) gl.BindBuffer(kElementArrayBuffer, 0);
  gl.BindBuffer(kArrayBuffer, 0);
  GLint attributes = 0;
  gl.GetIntegerv(kMaxVertexAttributes, &attributes);
  for (GLuint i = 0; i < static_cast<GLuint>(attributes); i++) {
    GLint attached[4] = {};
    gl.GetVertexAttribiv(i, kAttributeBufferBinding, attached);
    if (static_cast<GLuint>(attached[0]) == buffer) gl.VertexAttribPointer(i, 4, kFloat, false, 0, nullptr);
  }
}

}  // namespace

void VertexArrays::attached(const Functions& gl, GLuint buffer) {
  if (buffer != 0) buffers_[nameOf(gl, kVertexArrayBinding)].insert(buffer);
}

void VertexArrays::detach(const Functions& gl, GLuint buffer) {
  const GLuint bound = nameOf(gl, kVertexArrayBinding), arrayBuffer = nameOf(gl, kArrayBufferBinding);
  for (auto& [vertexArray, buffers] : buffers_) {
    if (buffers.erase(buffer) == 0) continue;
    gl.BindVertexArray(vertexArray);
    detachFromBound(gl, buffer);
  }
  gl.BindVertexArray(bound);
  gl.BindBuffer(kArrayBuffer, arrayBuffer);
}

}  // namespace framelane::gl
