#pragma once
#include "gl/context.hpp"
#include "gl/egl.hpp"

namespace framelane::gl {

/// A headless window: a pbuffer, on an NVIDIA GPU or Mesa.
class EglWindow final : public Window {
 public:
  /// Current on this thread afterwards. ERR_GL_UNAVAILABLE, ERR_INVALID_SIZE.
  explicit EglWindow(Size size);
  ~EglWindow() override;

  void makeCurrent() override;
  void swapBuffers() override;
  void setSwapInterval(int) override {}  // no screen, no refresh
  Size size() const override { return size_; }
  void resize(Size size) override;

 private:
  void release() override;
  EGLSurface makeSurface(Size size) const;
  void destroy() noexcept;

  const EglDisplay& display_;
  const Egl& egl_;
  Size size_;
  EGLSurface surface_ = nullptr;
  EGLContext context_ = nullptr;
};

}  // namespace framelane::gl
