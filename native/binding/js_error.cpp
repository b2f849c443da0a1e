#include "binding/js_error.hpp"

#include <new>

#include "binding/environment.hpp"
#include "core/error.hpp"

namespace framelane::binding {

Napi::Error makeError(Napi::Env env, const std::string& code, const std::string& message) {
  auto& errorClass = Environment::of(env).errorClass;
  if (errorClass.IsEmpty()) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", code);
    return error;
  }
  return Napi::Error(env, errorClass.New({Napi::String::New(env, code), Napi::String::New(env, message)}));
}

Napi::Error makeError(Napi::Env env, std::exception_ptr exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return makeError(env, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return makeError(env, "ERR_OUT_OF_MEMORY", "host memory is exhausted");
  } catch (const std::exception& error) {
    return makeError(env, "ERR_INTERNAL", error.what());
  }
}

Napi::Error ownError(Napi::Env env, const Napi::Error& error) {
  const auto& errorClass = Environment::of(env).errorClass;
  if (errorClass.IsEmpty() || error.Value().InstanceOf(errorClass.Value())) return error;
  return makeError(env, "ERR_INVALID_ARGUMENT", error.Message());
}

}  // namespace framelane::binding
