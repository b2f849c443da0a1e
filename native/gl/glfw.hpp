#pragma once
// GLFW 3.3 or later, the system's, by dlopen. Initialised once and kept; its windows belong to the thread that came
// first.
#include <string>

namespace framelane::gl {

using GlfwHandle = struct GLFWwindow;
using GlfwMonitor = struct GLFWmonitor;

struct GlfwVideoMode {
  int width, height, redBits, greenBits, blueBits, refreshRate;
};

struct Glfw {
  int (*Init)();
  int (*GetError)(const char**);
  void (*WindowHint)(int, int);
  void (*DefaultWindowHints)();
  GlfwHandle* (*CreateWindow)(int, int, const char*, GlfwMonitor*, GlfwHandle*);
  void (*DestroyWindow)(GlfwHandle*);
  void (*MakeContextCurrent)(GlfwHandle*);
  GlfwHandle* (*GetCurrentContext)();
  void (*SwapBuffers)(GlfwHandle*);
  void (*SwapInterval)(int);
  void (*PollEvents)();
  void (*SetWindowTitle)(GlfwHandle*, const char*);
  void (*SetWindowSize)(GlfwHandle*, int, int);
  void (*GetWindowSize)(GlfwHandle*, int*, int*);
  void (*GetFramebufferSize)(GlfwHandle*, int*, int*);
  void (*GetWindowContentScale)(GlfwHandle*, float*, float*);
  void (*GetWindowPos)(GlfwHandle*, int*, int*);
  GlfwMonitor* (*GetWindowMonitor)(GlfwHandle*);
  void (*SetWindowMonitor)(GlfwHandle*, GlfwMonitor*, int, int, int, int, int);
  GlfwMonitor** (*GetMonitors)(int*);
  void (*GetMonitorPos)(GlfwMonitor*, int*, int*);
  const GlfwVideoMode* (*GetVideoMode)(GlfwMonitor*);
  const char* (*GetKeyName)(int, int);
  void (*GetCursorPos)(GlfwHandle*, double*, double*);
  void (*SetWindowUserPointer)(GlfwHandle*, void*);
  void* (*GetWindowUserPointer)(GlfwHandle*);
  void* (*SetKeyCallback)(GlfwHandle*, void (*)(GlfwHandle*, int, int, int, int));
  void* (*SetCharCallback)(GlfwHandle*, void (*)(GlfwHandle*, unsigned));
  void* (*SetMouseButtonCallback)(GlfwHandle*, void (*)(GlfwHandle*, int, int, int));
  void* (*SetCursorPosCallback)(GlfwHandle*, void (*)(GlfwHandle*, double, double));
  void* (*SetScrollCallback)(GlfwHandle*, void (*)(GlfwHandle*, double, double));
  void* (*SetFramebufferSizeCallback)(GlfwHandle*, void (*)(GlfwHandle*, int, int));
  void* (*SetWindowCloseCallback)(GlfwHandle*, void (*)(GlfwHandle*));

  /// ERR_GL_UNAVAILABLE where there is no GLFW or no display; ERR_GL_CONTEXT on another thread than the first.
  static const Glfw& get();

  /// What it says of its last error.
  std::string error() const;
};

}  // namespace framelane::gl
