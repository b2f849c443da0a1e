#pragma once
// The OpenGL functions of the context that is current on this thread.
#include "gl/types.hpp"

namespace framelane::gl {

struct Functions {
#define FL_GL(Result, Name, Parameters) Result(*Name) Parameters;
#include "gl/functions.def"
#undef FL_GL
};

/// Which context is current. Two that compare equal are one; one made where an old one was freed is another, if it is
/// ours.
struct ContextId {
  const void* handle = nullptr;
  uint64_t generation = 0;

  explicit operator bool() const { return handle != nullptr; }
  friend bool operator==(const ContextId&, const ContextId&) = default;
};

/// Of this thread; empty where none is current.
ContextId currentContext();

/// The table of the current context; ERR_GL_CONTEXT where none is current on this thread.
const Functions& functions();

/// Called for each context that is made here, since a handle may return after its context is gone.
void contextMade(const void* handle);

}  // namespace framelane::gl
