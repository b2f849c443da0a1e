#pragma once
#include <napi.h>

#include "binding/environment.hpp"
#include "binding/guarded.hpp"

namespace framelane::binding {

/// A stream as JavaScript holds it; calls name it by its number.
class StreamWrap : public GuardedWrap<StreamWrap> {
 public:
  explicit StreamWrap(const Napi::CallbackInfo& info);
  ~StreamWrap() override { release(); }
  static Napi::Function define(Napi::Env env);

 private:
  const HeldStream& held() const { return streams_->at(number_); }
  void release() noexcept;
  Napi::Value number(const Napi::CallbackInfo& info);
  Napi::Value handle(const Napi::CallbackInfo& info);
  Napi::Value waitFor(const Napi::CallbackInfo& info);
  Napi::Value sync(const Napi::CallbackInfo& info);
  Napi::Value idle(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);

  std::shared_ptr<StreamTable> streams_;  // may outlive its environment's data
  double number_ = 0;
};

}  // namespace framelane::binding
