#pragma once
#include <napi.h>

#include <memory>

#include "binding/environment.hpp"
#include "binding/guarded.hpp"
#include "gl/window_glfw.hpp"

namespace framelane::binding {

/// The native side of a window, seen or not. Its context is current after it is made.
class GlWindowWrap : public GuardedWrap<GlWindowWrap> {
 public:
  explicit GlWindowWrap(const Napi::CallbackInfo& info);
  /// Throws ERR_DISPOSED after free().
  const std::shared_ptr<gl::Window>& window() const;
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value width(const Napi::CallbackInfo& info);
  Napi::Value height(const Napi::CallbackInfo& info);
  Napi::Value current(const Napi::CallbackInfo& info);
  Napi::Value makeCurrent(const Napi::CallbackInfo& info);
  Napi::Value swapBuffers(const Napi::CallbackInfo& info);
  Napi::Value setSwapInterval(const Napi::CallbackInfo& info);
  Napi::Value setSize(const Napi::CallbackInfo& info);
  Napi::Value scale(const Napi::CallbackInfo& info);
  Napi::Value contentScale(const Napi::CallbackInfo& info);
  Napi::Value setTitle(const Napi::CallbackInfo& info);
  Napi::Value fullscreen(const Napi::CallbackInfo& info);
  Napi::Value setFullscreen(const Napi::CallbackInfo& info);
  Napi::Value pollEvents(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  /// For what only a window on a screen has.
  gl::GlfwWindow& onScreen() const;
  std::shared_ptr<gl::Window> window_;
};

template <>
struct Tag<GlWindowWrap> {
  static constexpr napi_type_tag value{0x71c04e9d5a1b4f36, 0xa2f4b80e6d973c18};
};

}  // namespace framelane::binding
