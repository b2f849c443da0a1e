#pragma once
#include "core/error.hpp"
#include "gl/functions.hpp"

namespace framelane::gl {

/// What belongs to the context that is current when it is made; ERR_GL_CONTEXT where none is.
class MadeInContext {
 public:
  MadeInContext() : context_((functions(), currentContext())) {}
  bool isCurrent() const { return currentContext() == context_; }
  void requireCurrent() const {
    functions();
    require(
        isCurrent(), "ERR_GL_CONTEXT",
        "the OpenGL context that is current is not the one this was made in; call makeCurrent() of its window first");
  }

 private:
  ContextId context_;
};

}  // namespace framelane::gl
