#pragma once
#include "core/format.hpp"
#include "gl/element_ranges.hpp"
#include "gl/functions.hpp"
#include "gl/vertex_arrays.hpp"

namespace framelane::gl {

/// An OpenGL context as JavaScript uses it. All calls come from the thread that made it.
class Context {
 public:
  Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  virtual ~Context();

  bool isCurrent() const { return id_ && currentContext() == id_; }
  /// The table; ERR_GL_CONTEXT where another context is current, or none.
  const Functions& functions() const;
  /// What stands for no vertex array: a core profile draws nothing without one, WebGL does.
  GLuint defaultVertexArray() const { return defaultVertexArray_; }
  /// What WebGL calls BACK: GL_BACK, or GL_FRONT where the window's own framebuffer has one buffer only.
  GLenum windowBuffer() const { return windowBuffer_; }
  ElementRanges& elements() { return elements_; }
  VertexArrays& vertexArrays() { return vertexArrays_; }

  /// Forgets the cached index ranges of a buffer of the current context that was written without `gl`.
  static void forgetElements(GLuint buffer);
  /// To be called before another context is made current: EGL and GLX each refuse one while the other has one, and for
  /// GLX Xlib then ends the process.
  static void releaseCurrent();

 protected:
  /// To be called once, when the new context is current: ERR_GL_UNAVAILABLE for an OpenGL that is too old.
  void begin();

 private:
  /// Lets go of the context, where that is ours to do.
  virtual void release() {}

  ContextId id_;
  const Functions* functions_ = nullptr;
  GLuint defaultVertexArray_ = 0;
  GLenum windowBuffer_ = 0;
  ElementRanges elements_;
  VertexArrays vertexArrays_;
};

/// One that was made here, with what it draws to. Current when it has been made.
class Window : public Context {
 public:
  virtual void makeCurrent() = 0;
  virtual void swapBuffers() = 0;
  /// Screen refreshes a swap waits for; 0 does not wait. Of the current context.
  virtual void setSwapInterval(int refreshes) = 0;
  /// Of the framebuffer, in pixels.
  virtual Size size() const = 0;
  virtual void resize(Size size) = 0;
};

/// The current context, made by another library such as glfw-raub.
class AdoptedContext final : public Context {
 public:
  AdoptedContext() { begin(); }
};

}  // namespace framelane::gl
