#pragma once
// Checks that an object is of the wrapped class that a call expects: napi_unwrap does not, and a wrong object would crash.
#include <napi.h>

#include <string>

#include "binding/js_error.hpp"

namespace framelane::binding {

/// Specialised by each wrapped class that calls take as an argument.
template <class Wrap>
struct Tag;

template <class Wrap>
Wrap& unwrap(Napi::Value value, const char* expected) {
  if (value.IsObject()) {
    const auto object = value.As<Napi::Object>();
    if (object.CheckTypeTag(&Tag<Wrap>::value)) return *Napi::ObjectWrap<Wrap>::Unwrap(object);
  }
  throw makeError(value.Env(), "ERR_INVALID_ARGUMENT", std::string("expected ") + expected);
}

}  // namespace framelane::binding
