#pragma once
#include <string>
#include <variant>
#include <vector>

#include "gl/context.hpp"
#include "gl/glfw.hpp"

namespace framelane::gl {

/// The events of a window; positions in framebuffer pixels from the top left.
struct KeyPressed {
  int key;           // GLFW's number
  std::string name;  // what the layout prints on it, if anything
  bool repeat, shift, control, altOrSuper;
};
struct Typed {
  char32_t character;
};
struct ButtonChanged {
  int button;
  bool down;
  double x, y;
};
struct CursorMoved {
  double x, y;
};
struct Scrolled {
  double delta, x, y;
};
struct Resized {
  int width, height;
};
struct CloseRequested {};
using Event = std::variant<KeyPressed, Typed, ButtonChanged, CursorMoved, Scrolled, Resized, CloseRequested>;

struct WindowOptions {
  Size size;  // in window units
  std::string title;
  bool visible;
};

/// A window of the system.
class GlfwWindow final : public Window {
 public:
  /// Its context is current on this thread afterwards. ERR_GL_UNAVAILABLE, ERR_GL_CONTEXT.
  explicit GlfwWindow(const WindowOptions& options);
  ~GlfwWindow() override;

  void makeCurrent() override;
  void swapBuffers() override;
  void setSwapInterval(int refreshes) override;
  Size size() const override;
  void resize(Size size) override;

  /// Framebuffer pixels per window unit.
  double scale() const;
  double contentScale() const;
  void setTitle(const std::string& title);
  bool fullscreen() const;
  /// On the monitor that shows the window's centre; back to where it was.
  void setFullscreen(bool on);
  /// What has happened since the last call.
  std::vector<Event> pollEvents();

 private:
  struct Callbacks;
  void release() override;
  void add(Event event);
  GlfwMonitor* monitor() const;

  const Glfw& glfw_;
  GlfwHandle* window_;
  std::vector<Event> events_;
  struct {
    int x = 0, y = 0, width = 0, height = 0;
  } windowed_;
};

}  // namespace framelane::gl
