#pragma once
// How functions, methods and accessors are registered: what their bodies throw reaches JavaScript as a FramelaneError.
// Only constructors call guard() themselves, because node-addon-api gives no access to the call of a constructor.
#include <napi.h>

#include "binding/js_error.hpp"

namespace framelane::binding {

template <Napi::Value (*body)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&] { return body(info); });
}

template <Napi::Value (*body)(const Napi::CallbackInfo&)>
void exportFunction(Napi::Env env, Napi::Object exports, const char* name) {
  exports[name] = Napi::Function::New<guarded<body>>(env, name);
}

/// The base of wrapped classes.
template <class Wrap>
class GuardedWrap : public Napi::ObjectWrap<Wrap> {
 public:
  using Napi::ObjectWrap<Wrap>::ObjectWrap;

 protected:
  using Member = Napi::Value (Wrap::*)(const Napi::CallbackInfo&);

  // By value: GCC takes no converted pointer to member as an argument of a template.
  template <Member body>
  static Napi::ClassPropertyDescriptor<Wrap> method(const char* name) {
    return Wrap::InstanceMethod(name, static_cast<Member>(&GuardedWrap::template run<body>));
  }
  template <Member body>
  static Napi::ClassPropertyDescriptor<Wrap> accessor(const char* name) {
    return Wrap::InstanceAccessor(name, static_cast<Member>(&GuardedWrap::template run<body>), nullptr);
  }

 private:
  template <Member body>
  Napi::Value run(const Napi::CallbackInfo& info) {
    return guard(info.Env(), [&] { return (static_cast<Wrap*>(this)->*body)(info); });
  }
};

}  // namespace framelane::binding
