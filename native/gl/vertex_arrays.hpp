#pragma once
#include <unordered_map>
#include <unordered_set>

#include "gl/functions.hpp"

namespace framelane::gl {

/// Which vertex arrays of a context read which buffers. OpenGL detaches a deleted buffer from the bound vertex
/// array only. The other arrays go on reading it, and its name then means another buffer, or none, so its size could
/// not be checked.
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
