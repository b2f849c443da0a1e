#include "gl/glfw.hpp"

#include <mutex>
#include <optional>
#include <thread>

#include "gl/library.hpp"

namespace framelane::gl {

namespace {

Glfw load() {
  const Library file = Library::open("libglfw.so.3");
  Glfw glfw;
#define FL_FIND(name) file.find(glfw.name, "glfw" #name)
  FL_FIND(Init);
  FL_FIND(GetError);
  FL_FIND(WindowHint);
  FL_FIND(DefaultWindowHints);
  FL_FIND(CreateWindow);
  FL_FIND(DestroyWindow);
  FL_FIND(MakeContextCurrent);
  FL_FIND(GetCurrentContext);
  FL_FIND(SwapBuffers);
  FL_FIND(SwapInterval);
  FL_FIND(PollEvents);
  FL_FIND(SetWindowTitle);
  FL_FIND(SetWindowSize);
  FL_FIND(GetWindowSize);
  FL_FIND(GetFramebufferSize);
  FL_FIND(GetWindowContentScale);
  FL_FIND(GetWindowPos);
  FL_FIND(GetWindowMonitor);
  FL_FIND(SetWindowMonitor);
  FL_FIND(GetMonitors);
  FL_FIND(GetMonitorPos);
  FL_FIND(GetVideoMode);
  FL_FIND(GetKeyName);
  FL_FIND(GetCursorPos);
  FL_FIND(SetWindowUserPointer);
  FL_FIND(GetWindowUserPointer);
  FL_FIND(SetKeyCallback);
  FL_FIND(SetCharCallback);
  FL_FIND(SetMouseButtonCallback);
  FL_FIND(SetCursorPosCallback);
  FL_FIND(SetScrollCallback);
  FL_FIND(SetFramebufferSizeCallback);
  FL_FIND(SetWindowCloseCallback);
#undef FL_FIND
  return glfw;
}

}  // namespace

const Glfw& Glfw::get() {
  static std::mutex mutex;
  static std::optional<Glfw> glfw;
  static std::thread::id owner;
  const std::scoped_lock lock(mutex);
  if (!glfw) {
    const Glfw loaded = load();
    if (!loaded.Init()) fail("ERR_GL_UNAVAILABLE", "GLFW does not start: " + loaded.error());
    owner = std::this_thread::get_id();
    glfw = loaded;
  }
  require(
      owner == std::this_thread::get_id(), "ERR_GL_CONTEXT",
      "windows of the system belong to the thread that opened the first one, and this is another; open a headless one");
  return *glfw;
}

std::string Glfw::error() const {
  const char* text = nullptr;
  const int code = GetError(&text);
  return code != 0 && text != nullptr ? text : "no reason given";
}

}  // namespace framelane::gl
