#pragma once
#include <unordered_map>
#include <unordered_set>

#include "gl/functions.hpp"

namespace framelane::gl {

/// Which vertex arrays of a context read which buffers. OpenGL takes a buffer that is deleted from the bound vertex
/// array only; the others would go on reading it, under a name that is another buffer's, or nobody's, to whoever
/// measures it.
class VertexArrays {
 public:
  /// The bound one has been given a buffer.
  void attached(const Functions& gl, GLuint buffer);
  /// To be called before the buffer is deleted.
  void detach(const Functions& gl, GLuint buffer);
  void forget(GLuint vertexArray) { buffers_.erase(vertexArray); }

 private:
  std::unordered_map<GLuint, std::unordered_set<GLuint>> buffers_;
};

}  // namespace framelane::gl
