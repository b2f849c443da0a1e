#pragma once
#include <napi.h>

#include "binding/guarded.hpp"
#include "binding/interop/event_waiter.hpp"
#include "binding/tag.hpp"
#include "core/device.hpp"

namespace framelane::binding {

/// A moment on a stream, as JavaScript holds it.
class EventWrap : public GuardedWrap<EventWrap> {
 public:
  explicit EventWrap(const Napi::CallbackInfo& info);
  static Napi::Function define(Napi::Env env);

 private:
  std::shared_ptr<Event> make() const;
  const Moment& moment() const;
  Napi::Value record(const Napi::CallbackInfo& info);
  Napi::Value holdBack(const Napi::CallbackInfo& info);
  Napi::Value done(const Napi::CallbackInfo& info);
  Napi::Value wait(const Napi::CallbackInfo& info);
  Napi::Value secondsSince(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);

  std::shared_ptr<Device> device_;
  bool timed_ = false;
  Moment moment_;  // its event is none once it has been freed
};

template <>
struct Tag<EventWrap> {
  static constexpr napi_type_tag value{0x51f0c2a97be84d36, 0x8c04e6b1d92f7a35};
};

}  // namespace framelane::binding
