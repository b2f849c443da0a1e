#include "gl/window_glfw.hpp"

#include <utility>

#include "core/error.hpp"

namespace framelane::gl {

namespace {

constexpr int kVisible = 0x20004, kVersionMajor = 0x22002, kVersionMinor = 0x22003, kForwardCompatible = 0x22006,
              kProfile = 0x22008, kCoreProfile = 0x32001, kDepthBits = 0x21005, kStencilBits = 0x21006;
constexpr int kRelease = 0, kRepeat = 2;
constexpr int kShift = 1, kControl = 2, kAltOrSuper = 4 | 8;

}  // namespace

/// What GLFW calls while it polls; nothing may be thrown through it.
struct GlfwWindow::Callbacks {
  static GlfwWindow& of(GlfwHandle* handle) {
    return *static_cast<GlfwWindow*>(Glfw::get().GetWindowUserPointer(handle));
  }

  static void key(GlfwHandle* handle, int key, int scancode, int action, int modifiers) {
    if (action == kRelease) return;
    GlfwWindow& window = of(handle);
    const char* name = window.glfw_.GetKeyName(key, scancode);
    window.add(KeyPressed{key, name != nullptr ? name : "", action == kRepeat, (modifiers & kShift) != 0,
                          (modifiers & kControl) != 0, (modifiers & kAltOrSuper) != 0});
  }

  static void character(GlfwHandle* handle, unsigned codepoint) { of(handle).add(Typed{codepoint}); }

  static void button(GlfwHandle* handle, int button, int action, int) {
    GlfwWindow& window = of(handle);
    double x = 0, y = 0;
    window.glfw_.GetCursorPos(handle, &x, &y);
    const double scale = window.scale();
    window.add(ButtonChanged{button, action != kRelease, x * scale, y * scale});
  }

  static void cursor(GlfwHandle* handle, double x, double y) {
    GlfwWindow& window = of(handle);
    const double scale = window.scale();
    window.add(CursorMoved{x * scale, y * scale});
  }

  static void scroll(GlfwHandle* handle, double, double notches) {
    GlfwWindow& window = of(handle);
    double x = 0, y = 0;
    window.glfw_.GetCursorPos(handle, &x, &y);
    const double scale = window.scale();
    window.add(Scrolled{notches, x * scale, y * scale});
  }

  static void resize(GlfwHandle* handle, int width, int height) { of(handle).add(Resized{width, height}); }
  static void close(GlfwHandle* handle) { of(handle).add(CloseRequested{}); }
};

GlfwWindow::GlfwWindow(const WindowOptions& options) : glfw_(Glfw::get()) {
  glfw_.DefaultWindowHints();
  glfw_.WindowHint(kVersionMajor, 3);
  glfw_.WindowHint(kVersionMinor, 3);
  glfw_.WindowHint(kProfile, kCoreProfile);
  glfw_.WindowHint(kForwardCompatible, 1);
  glfw_.WindowHint(kDepthBits, 0);
  glfw_.WindowHint(kStencilBits, 0);
  glfw_.WindowHint(kVisible, options.visible ? 1 : 0);
  releaseCurrent();  // GLFW makes the context current while it opens the window
  window_ = glfw_.CreateWindow(options.size.width, options.size.height, options.title.c_str(), nullptr, nullptr);
  const std::string reason = window_ == nullptr ? glfw_.error() : "";
  glfw_.DefaultWindowHints();  // glfw-raub, which may share this GLFW, counts on them
  require(window_ != nullptr, "ERR_GL_UNAVAILABLE", "GLFW opens no window: " + reason);
  try {
    glfw_.SetWindowUserPointer(window_, this);
    glfw_.SetKeyCallback(window_, Callbacks::key);
    glfw_.SetCharCallback(window_, Callbacks::character);
    glfw_.SetMouseButtonCallback(window_, Callbacks::button);
    glfw_.SetCursorPosCallback(window_, Callbacks::cursor);
    glfw_.SetScrollCallback(window_, Callbacks::scroll);
    glfw_.SetFramebufferSizeCallback(window_, Callbacks::resize);
    glfw_.SetWindowCloseCallback(window_, Callbacks::close);
    makeCurrent();
    contextMade(currentContext().handle);
    begin();
  } catch (...) {
    glfw_.DestroyWindow(window_);
    throw;
  }
}

GlfwWindow::~GlfwWindow() { glfw_.DestroyWindow(window_); }

void GlfwWindow::add(Event event) {
  try {
    events_.push_back(std::move(event));
  } catch (...) {  // without memory an event is lost
  }
}

void GlfwWindow::release() { glfw_.MakeContextCurrent(nullptr); }

void GlfwWindow::makeCurrent() {
  if (!isCurrent()) releaseCurrent();
  glfw_.MakeContextCurrent(window_);
  if (glfw_.GetCurrentContext() != window_)
    fail("ERR_GL_CONTEXT", "the window's context cannot be made current: " + glfw_.error());
}

void GlfwWindow::swapBuffers() { glfw_.SwapBuffers(window_); }

void GlfwWindow::setSwapInterval(int refreshes) {
  require(isCurrent(), "ERR_GL_CONTEXT", "vsync is set for the current window; call this window's makeCurrent() first");
  glfw_.SwapInterval(refreshes);
}

Size GlfwWindow::size() const {
  Size size;
  glfw_.GetFramebufferSize(window_, &size.width, &size.height);
  return size;
}

void GlfwWindow::resize(Size size) { glfw_.SetWindowSize(window_, size.width, size.height); }

double GlfwWindow::scale() const {
  int width = 0, height = 0;
  glfw_.GetWindowSize(window_, &width, &height);
  return width > 0 ? static_cast<double>(size().width) / width : 1;
}

double GlfwWindow::contentScale() const {
  float x = 1, y = 1;
  glfw_.GetWindowContentScale(window_, &x, &y);
  return x > 0 ? x : 1;
}

void GlfwWindow::setTitle(const std::string& title) { glfw_.SetWindowTitle(window_, title.c_str()); }

bool GlfwWindow::fullscreen() const { return glfw_.GetWindowMonitor(window_) != nullptr; }

void GlfwWindow::setFullscreen(bool on) {
  if (on == fullscreen()) return;
  if (!on) {
    glfw_.SetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width, windowed_.height, 0);
    return;
  }
  glfw_.GetWindowPos(window_, &windowed_.x, &windowed_.y);
  glfw_.GetWindowSize(window_, &windowed_.width, &windowed_.height);
  GlfwMonitor* target = monitor();
  const GlfwVideoMode* mode = target != nullptr ? glfw_.GetVideoMode(target) : nullptr;
  require(mode != nullptr, "ERR_GL_UNAVAILABLE", "fullscreen: no monitor is connected");
  glfw_.SetWindowMonitor(window_, target, 0, 0, mode->width, mode->height, mode->refreshRate);
}

GlfwMonitor* GlfwWindow::monitor() const {
  const int x = windowed_.x + windowed_.width / 2, y = windowed_.y + windowed_.height / 2;
  int count = 0;
  GlfwMonitor** monitors = glfw_.GetMonitors(&count);
  for (int i = 0; i < count; i++) {
    int left = 0, top = 0;
    glfw_.GetMonitorPos(monitors[i], &left, &top);
    const GlfwVideoMode* mode = glfw_.GetVideoMode(monitors[i]);
    if (mode != nullptr && x >= left && x < left + mode->width && y >= top && y < top + mode->height)
      return monitors[i];
  }
  return count > 0 ? monitors[0] : nullptr;
}

std::vector<Event> GlfwWindow::pollEvents() {
  glfw_.PollEvents();
  return std::exchange(events_, {});
}

}  // namespace framelane::gl
