#pragma once
#include <map>
#include <tuple>
#include <unordered_map>

#include "gl/functions.hpp"

namespace framelane::gl {

/// The largest index in parts of element buffers, so that a draw can be checked against its vertices. Each part is read
/// once; forget() must be called after the buffer is written.
class ElementRanges {
 public:
  /// Of `count` > 0 indices of an existing part of the buffer that is bound to ELEMENT_ARRAY_BUFFER.
  GLuint largest(const Functions& gl, GLuint buffer, GLenum type, GLintptr offset, GLsizei count);
  void forget(GLuint buffer) { buffers_.erase(buffer); }
  void forgetAll() { buffers_.clear(); }

 private:
  using Parts = std::map<std::tuple<GLenum, GLintptr, GLsizei>, GLuint>;
  std::unordered_map<GLuint, Parts> buffers_;
};

/// Bytes of an index; 0 for a type that indices do not have.
GLsizeiptr indexBytes(GLenum type);

}  // namespace framelane::gl
