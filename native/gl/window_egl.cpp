#include "gl/window_egl.hpp"

#include "core/error.hpp"

namespace framelane::gl {

namespace {

constexpr EGLenum kOpenGlApi = 0x30A2;
constexpr EGLint kMajorVersion = 0x3098, kMinorVersion = 0x30FB, kProfileMask = 0x30FD, kCoreProfileBit = 1;

}  // namespace

EglWindow::EglWindow(Size size) : display_(EglDisplay::get()), egl_(display_.egl), size_(size) {
  surface_ = makeSurface(size);
  try {
    const EGLint attributes[] = {kMajorVersion, 3, kMinorVersion, 3, kProfileMask, kCoreProfileBit, kEglNone};
    egl_.BindAPI(kOpenGlApi);
    context_ = egl_.CreateContext(display_.handle, display_.config, nullptr, attributes);
    if (context_ == nullptr) fail("ERR_GL_UNAVAILABLE", "EGL makes no OpenGL 3.3 context: " + egl_.error());
    makeCurrent();
    contextMade(currentContext().handle);
    begin();
  } catch (...) {
    destroy();
    throw;
  }
}

EglWindow::~EglWindow() { destroy(); }

void EglWindow::destroy() noexcept {
  if (context_ != nullptr) {
    if (egl_.GetCurrentContext() == context_) release();
    egl_.DestroyContext(display_.handle, context_);
  }
  if (surface_ != nullptr) egl_.DestroySurface(display_.handle, surface_);
}

EGLSurface EglWindow::makeSurface(Size size) const {
  const auto sizeText = [](int width, int height) { return std::to_string(width) + "x" + std::to_string(height); };
  require(size.width > 0 && size.height > 0 && size.width <= display_.maxWidth && size.height <= display_.maxHeight,
          "ERR_INVALID_SIZE",
          "headless window: expected 1x1 to " + sizeText(display_.maxWidth, display_.maxHeight) + " pixels, received " +
              sizeText(size.width, size.height));
  const EGLint attributes[] = {kEglWidth, size.width, kEglHeight, size.height, kEglNone};
  EGLSurface surface = egl_.CreatePbufferSurface(display_.handle, display_.config, attributes);
  if (surface == nullptr)
    fail("ERR_OUT_OF_MEMORY",
         "headless window: no pbuffer of " + sizeText(size.width, size.height) + " pixels: " + egl_.error());
  return surface;
}

void EglWindow::release() { egl_.MakeCurrent(display_.handle, nullptr, nullptr, nullptr); }

void EglWindow::makeCurrent() {
  if (!isCurrent()) releaseCurrent();
  if (!egl_.MakeCurrent(display_.handle, surface_, surface_, context_))
    fail("ERR_GL_CONTEXT", "the headless window's context cannot be made current: " + egl_.error());
}

void EglWindow::swapBuffers() {
  if (!egl_.SwapBuffers(display_.handle, surface_)) fail("ERR_GL_CONTEXT", "eglSwapBuffers: " + egl_.error());
}

void EglWindow::resize(Size size) {
  if (size == size_) return;
  EGLSurface previous = std::exchange(surface_, makeSurface(size));
  size_ = size;
  egl_.DestroySurface(display_.handle, previous);  // goes when it is no longer current
  if (isCurrent()) makeCurrent();
}

}  // namespace framelane::gl
