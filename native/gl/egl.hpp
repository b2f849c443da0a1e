#pragma once
// EGL by dlopen: the functions, and the one display that all headless contexts of the process share.
#include <cstdint>
#include <string>

namespace framelane::gl {

using EGLDisplay = void*;
using EGLConfig = void*;
using EGLSurface = void*;
using EGLContext = void*;
using EGLDevice = void*;
using EGLint = int32_t;
using EGLBoolean = uint32_t;
using EGLenum = uint32_t;
using EGLAttrib = intptr_t;

inline constexpr EGLint kEglNone = 0x3038;
inline constexpr EGLint kEglWidth = 0x3057, kEglHeight = 0x3056;

struct Egl {
  void* (*GetProcAddress)(const char*);
  EGLint (*GetError)();
  EGLDisplay (*GetDisplay)(void*);
  EGLBoolean (*Initialize)(EGLDisplay, EGLint*, EGLint*);
  const char* (*QueryString)(EGLDisplay, EGLint);
  EGLBoolean (*ChooseConfig)(EGLDisplay, const EGLint*, EGLConfig*, EGLint, EGLint*);
  EGLBoolean (*GetConfigAttrib)(EGLDisplay, EGLConfig, EGLint, EGLint*);
  EGLBoolean (*BindAPI)(EGLenum);
  EGLContext (*CreateContext)(EGLDisplay, EGLConfig, EGLContext, const EGLint*);
  EGLBoolean (*DestroyContext)(EGLDisplay, EGLContext);
  EGLSurface (*CreatePbufferSurface)(EGLDisplay, EGLConfig, const EGLint*);
  EGLBoolean (*DestroySurface)(EGLDisplay, EGLSurface);
  EGLBoolean (*MakeCurrent)(EGLDisplay, EGLSurface, EGLSurface, EGLContext);
  EGLContext (*GetCurrentContext)();
  EGLBoolean (*SwapBuffers)(EGLDisplay, EGLSurface);

  /// Its last error by name.
  std::string error() const;
};

/// An initialised display with a configuration for OpenGL on 8-bit RGBA pbuffers.
struct EglDisplay {
  const Egl& egl;
  EGLDisplay handle;
  EGLConfig config;
  EGLint maxWidth, maxHeight;

  /// The NVIDIA device that CUDA numbers lowest, else Mesa without a window system, else the default display.
  /// Made once; ERR_GL_UNAVAILABLE with the reason of each that was tried.
  static const EglDisplay& get();
};

}  // namespace framelane::gl
