#pragma once
#include <napi.h>

#include <exception>
#include <string>

namespace framelane::binding {

/// A FramelaneError (the class arrives through `initialize`; before that, an Error with a code).
Napi::Error makeError(Napi::Env env, const std::string& code, const std::string& message);
/// The FramelaneError for a native exception.
Napi::Error makeError(Napi::Env env, std::exception_ptr exception);
/// The FramelaneError for an exception of node-addon-api: a TypeError where it got a Symbol for a string, for example.
Napi::Error ownError(Napi::Env env, const Napi::Error& error);

/// The only place where a native exception becomes a JavaScript one.
template <class Body>
auto guard(Napi::Env env, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error& error) {
    throw ownError(env, error);
  } catch (...) {
    throw makeError(env, std::current_exception());
  }
}

}  // namespace framelane::binding
