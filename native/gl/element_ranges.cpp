#include "gl/element_ranges.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace framelane::gl {

namespace {

template <class Index>
GLuint largestOf(const void* indices, GLsizei count) {
  const auto* first = static_cast<const Index*>(indices);
  return *std::max_element(first, first + count);
}

GLuint largestOf(const void* indices, GLenum type, GLsizei count) {
  switch (type) {
    case kUnsignedByte: return largestOf<GLubyte>(indices, count);
    case kUnsignedShort: return largestOf<uint16_t>(indices, count);
    default: return largestOf<GLuint>(indices, count);
  }
}

}  // namespace

GLsizeiptr indexBytes(GLenum type) {
  switch (type) {
    case kUnsignedByte: return 1;
    case kUnsignedShort: return 2;
    case kUnsignedInt: return 4;
    default: return 0;
  }
}

GLuint ElementRanges::largest(const Functions& gl, GLuint buffer, GLenum type, GLintptr offset, GLsizei count) {
  constexpr size_t kMostParts = 1024;
  Parts& parts = buffers_[buffer];
  const std::tuple part{type, offset, count};
  if (const auto known = parts.find(part); known != parts.end()) return known->second;
  const void* indices = gl.MapBufferRange(kElementArrayBuffer, offset, count * indexBytes(type), kMapReadBit);
  if (indices == nullptr) fail("ERR_OUT_OF_MEMORY", "an element buffer cannot be read");
  const GLuint largest = largestOf(indices, type, count);
  gl.UnmapBuffer(kElementArrayBuffer);
  if (parts.size() >= kMostParts) parts.clear();
  parts.emplace(part, largest);
  return largest;
}

}  // namespace framelane::gl
