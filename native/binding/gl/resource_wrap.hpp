#pragma once
#include <napi.h>

#include <memory>

#include "binding/owner.hpp"
#include "gl/pixel_buffer.hpp"
#include "gl/texture.hpp"

namespace framelane::binding {

/// The native side of GLResource (gl::PixelBuffer), PlaneTextures (gl::FrameTextures) and GLTexture (gl::Texture).
template <class Resource>
class GlResourceWrap : public OwnerWrap<GlResourceWrap<Resource>> {
 public:
  explicit GlResourceWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  Resource& resource() const;
  Napi::Value width(const Napi::CallbackInfo& info);
  Napi::Value height(const Napi::CallbackInfo& info);
  Napi::Value shared(const Napi::CallbackInfo& info);
  Napi::Value copyFrom(const Napi::CallbackInfo& info);
  Napi::Value copyTo(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  std::unique_ptr<Resource> resource_;
};

}  // namespace framelane::binding
