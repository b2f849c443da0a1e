#pragma once
#include <napi.h>

#include <memory>

#include "binding/environment.hpp"
#include "binding/guarded.hpp"
#include "core/image.hpp"

namespace framelane::binding {

/// An image by its number, for calls that take checked objects. Owns nothing: JavaScript keeps the image's owner alive.
class ImageWrap : public GuardedWrap<ImageWrap> {
 public:
  explicit ImageWrap(const Napi::CallbackInfo& info);
  /// ERR_DISPOSED after the image has been freed.
  std::shared_ptr<ImageBuffer> buffer() const { return images_->at(id_); }
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value id(const Napi::CallbackInfo& info);
  Napi::Value width(const Napi::CallbackInfo& info);
  Napi::Value height(const Napi::CallbackInfo& info);
  Napi::Value capacity(const Napi::CallbackInfo& info);
  Napi::Value byteLength(const Napi::CallbackInfo& info);
  Napi::Value resize(const Napi::CallbackInfo& info);
  Napi::Value upload(const Napi::CallbackInfo& info);
  Napi::Value download(const Napi::CallbackInfo& info);
  Napi::Value uploadAsync(const Napi::CallbackInfo& info);
  Napi::Value downloadAsync(const Napi::CallbackInfo& info);
  Napi::Value copyRegion(const Napi::CallbackInfo& info);
  Napi::Value memory(const Napi::CallbackInfo& info);
  std::shared_ptr<ImageTable> images_;
  double id_ = 0;
};

template <>
struct Tag<ImageWrap> {
  static constexpr napi_type_tag value{0x2f5d0f4b8c3a41e6, 0xb7c2d9e0416a5f13};
};

}  // namespace framelane::binding
