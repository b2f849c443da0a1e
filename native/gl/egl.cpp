#include "gl/egl.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

#include "gl/library.hpp"

namespace framelane::gl {

namespace {

constexpr EGLint kExtensions = 0x3055;
constexpr EGLint kSurfaceType = 0x3033, kPbufferBit = 1, kRenderableType = 0x3040, kOpenGlBit = 8;
constexpr EGLint kRedSize = 0x3024, kGreenSize = 0x3023, kBlueSize = 0x3022, kAlphaSize = 0x3021;
constexpr EGLint kMaxPbufferWidth = 0x302C, kMaxPbufferHeight = 0x302A;
constexpr EGLint kCudaDevice = 0x323A;  // EGL_CUDA_DEVICE_NV
constexpr EGLenum kPlatformDevice = 0x313F, kPlatformSurfaceless = 0x31DD;

const Egl& library() {
  static const Egl egl = [] {
    const Library file = Library::open("libEGL.so.1");
    Egl egl;
    file.find(egl.GetProcAddress, "eglGetProcAddress");
    file.find(egl.GetError, "eglGetError");
    file.find(egl.GetDisplay, "eglGetDisplay");
    file.find(egl.Initialize, "eglInitialize");
    file.find(egl.QueryString, "eglQueryString");
    file.find(egl.ChooseConfig, "eglChooseConfig");
    file.find(egl.GetConfigAttrib, "eglGetConfigAttrib");
    file.find(egl.BindAPI, "eglBindAPI");
    file.find(egl.CreateContext, "eglCreateContext");
    file.find(egl.DestroyContext, "eglDestroyContext");
    file.find(egl.CreatePbufferSurface, "eglCreatePbufferSurface");
    file.find(egl.DestroySurface, "eglDestroySurface");
    file.find(egl.MakeCurrent, "eglMakeCurrent");
    file.find(egl.GetCurrentContext, "eglGetCurrentContext");
    file.find(egl.SwapBuffers, "eglSwapBuffers");
    return egl;
  }();
  return egl;
}

bool has(const char* extensions, const char* name) {
  const size_t length = std::strlen(name);
  for (const char* at = extensions; at != nullptr && (at = std::strstr(at, name)) != nullptr; at += length) {
    const char after = at[length];
    if ((at == extensions || at[-1] == ' ') && (after == ' ' || after == '\0')) return true;
  }
  return false;
}

template <class Function>
Function extension(const Egl& egl, const char* name) {
  return reinterpret_cast<Function>(egl.GetProcAddress(name));
}

/// The displays to try, best first, as EGL's client extensions allow.
class Candidates {
 public:
  explicit Candidates(const Egl& egl) : egl_(egl) {
    const char* extensions = egl.QueryString(nullptr, kExtensions);
    getPlatformDisplay_ = has(extensions, "EGL_EXT_platform_base")
                              ? extension<GetPlatformDisplay>(egl, "eglGetPlatformDisplayEXT")
                              : nullptr;
    if (getPlatformDisplay_ != nullptr) {
      const bool devices = has(extensions, "EGL_EXT_device_base") || has(extensions, "EGL_EXT_device_enumeration");
      if (devices && has(extensions, "EGL_EXT_platform_device")) addCudaDevices();
      if (has(extensions, "EGL_MESA_platform_surfaceless"))
        add("Mesa surfaceless", getPlatformDisplay_(kPlatformSurfaceless, nullptr, nullptr));
    }
    add("default display", egl.GetDisplay(nullptr));
  }

  struct Candidate {
    std::string name;
    EGLDisplay display;
  };
  const std::vector<Candidate>& list() const { return list_; }

 private:
  using GetPlatformDisplay = EGLDisplay (*)(EGLenum, void*, const EGLint*);

  void add(std::string name, EGLDisplay display) {
    if (display != nullptr) list_.push_back({std::move(name), display});
  }

  void addCudaDevices() {
    const auto queryDevices = extension<EGLBoolean (*)(EGLint, EGLDevice*, EGLint*)>(egl_, "eglQueryDevicesEXT");
    const auto queryAttribute =
        extension<EGLBoolean (*)(EGLDevice, EGLint, EGLAttrib*)>(egl_, "eglQueryDeviceAttribEXT");
    const auto queryString = extension<const char* (*)(EGLDevice, EGLint)>(egl_, "eglQueryDeviceStringEXT");
    if (queryDevices == nullptr || queryAttribute == nullptr || queryString == nullptr) return;
    EGLint count = 0;
    if (!queryDevices(0, nullptr, &count) || count <= 0) return;
    std::vector<EGLDevice> devices(count);
    if (!queryDevices(count, devices.data(), &count)) return;
    std::vector<std::pair<EGLAttrib, EGLDevice>> numbered;
    for (EGLint i = 0; i < count; i++) {
      EGLAttrib ordinal = 0;
      if (has(queryString(devices[i], kExtensions), "EGL_NV_device_cuda") &&
          queryAttribute(devices[i], kCudaDevice, &ordinal))
        numbered.emplace_back(ordinal, devices[i]);
    }
    std::sort(numbered.begin(), numbered.end());
    for (const auto& [ordinal, device] : numbered)
      add("device of cuda:" + std::to_string(ordinal), getPlatformDisplay_(kPlatformDevice, device, nullptr));
  }

  const Egl& egl_;
  GetPlatformDisplay getPlatformDisplay_;
  std::vector<Candidate> list_;
};

/// What is wrong with a display, or nothing and its configuration.
std::string tryDisplay(const Egl& egl, EGLDisplay display, EGLConfig& config) {
  if (!egl.Initialize(display, nullptr, nullptr)) return "eglInitialize: " + egl.error();
  const EGLint wanted[] = {kSurfaceType, kPbufferBit, kRenderableType, kOpenGlBit, kRedSize, 8, kGreenSize, 8,
                           kBlueSize,    8,           kAlphaSize,      8,          kEglNone};
  EGLint count = 0;
  if (!egl.ChooseConfig(display, wanted, &config, 1, &count)) return "eglChooseConfig: " + egl.error();
  return count > 0 ? "" : "no configuration has OpenGL on 8-bit RGBA pbuffers";
}

EglDisplay openDisplay() {
  const Egl& egl = library();
  std::string reasons;
  const Candidates candidates(egl);
  for (const auto& [name, display] : candidates.list()) {
    EglDisplay found{egl, display, nullptr, 0, 0};
    const std::string reason = tryDisplay(egl, display, found.config);
    if (reason.empty()) {
      egl.GetConfigAttrib(display, found.config, kMaxPbufferWidth, &found.maxWidth);
      egl.GetConfigAttrib(display, found.config, kMaxPbufferHeight, &found.maxHeight);
      return found;
    }
    reasons += (reasons.empty() ? "" : "; ") + name + ": " + reason;
  }
  fail("ERR_GL_UNAVAILABLE", "EGL has no display to draw to: " + (reasons.empty() ? "none is known" : reasons));
}

}  // namespace

std::string Egl::error() const {
  static const char* const names[] = {"EGL_SUCCESS",       "EGL_NOT_INITIALIZED",     "EGL_BAD_ACCESS",
                                      "EGL_BAD_ALLOC",     "EGL_BAD_ATTRIBUTE",       "EGL_BAD_CONFIG",
                                      "EGL_BAD_CONTEXT",   "EGL_BAD_CURRENT_SURFACE", "EGL_BAD_DISPLAY",
                                      "EGL_BAD_MATCH",     "EGL_BAD_NATIVE_PIXMAP",   "EGL_BAD_NATIVE_WINDOW",
                                      "EGL_BAD_PARAMETER", "EGL_BAD_SURFACE",         "EGL_CONTEXT_LOST"};
  const EGLint code = GetError();
  const auto index = static_cast<size_t>(code - 0x3000);
  return code >= 0x3000 && index < std::size(names) ? names[index] : "EGL error " + std::to_string(code);
}

const EglDisplay& EglDisplay::get() {
  static const EglDisplay display = openDisplay();
  return display;
}

}  // namespace framelane::gl
