#pragma once
#include <napi.h>

#include <memory>

#include "binding/environment.hpp"
#include "core/image.hpp"

namespace framelane::binding {

/// The native side of Image, ImageU8 and Frame. `buffer()` throws ERR_DISPOSED after free().
class ImageWrap : public OwnerWrap<ImageWrap> {
 public:
  explicit ImageWrap(const Napi::CallbackInfo& info);
  ~ImageWrap() override;
  std::shared_ptr<ImageBuffer> buffer() const;
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
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
  Napi::Value copyFrom(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  std::shared_ptr<ImageBuffer> buffer_;
};

template <>
struct Tag<ImageWrap> {
  static constexpr napi_type_tag value{0x2f5d0f4b8c3a41e6, 0xb7c2d9e0416a5f13};
};

}  // namespace framelane::binding
