#pragma once
// What one JavaScript environment (main thread or worker) owns. Nothing of JavaScript is static, so workers just work.
#include <napi.h>

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "binding/image_table.hpp"
#include "binding/owner.hpp"
#include "binding/slot_reader.hpp"
#include "core/error.hpp"
#include "core/memory.hpp"

namespace framelane {
class Recorder;  // core/recorder.hpp
}

namespace framelane::binding {

struct Environment {
  explicit Environment(Napi::Env env);
  ~Environment();
  Napi::FunctionReference errorClass;
  std::shared_ptr<Owners> owners;
  const std::unique_ptr<Recorder> recorder;  // of the immediate API
  std::shared_ptr<ImageTable> images = std::make_shared<ImageTable>();  // handles may outlive this
  std::shared_ptr<Slots> slots = std::make_shared<Slots>();             // JavaScript's array keeps it, too
  std::vector<std::shared_ptr<Device>> devices;                         // those of `device` that have been asked for

  /// By number: 0 is the CPU, n + 1 the n-th CUDA device.
  const std::shared_ptr<Device>& device(double number);

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

inline const std::shared_ptr<Device>& Environment::device(double number) {
  constexpr size_t kMost = 100;
  if (!(number >= 0 && number < kMost)) fail("ERR_INVALID_ARGUMENT", "device: expected the number of one");
  const auto place = static_cast<size_t>(number);
  if (devices.size() <= place) devices.resize(place + 1);
  auto& device = devices[place];
  if (!device) device = openDevice(place == 0 ? "cpu" : "cuda:" + std::to_string(place - 1));
  return device;
}

/// The FramelaneError for a native exception (the class arrives through `initialize`).
inline Napi::Error makeError(Napi::Env env, const std::string& code, const std::string& message) {
  auto& errorClass = Environment::of(env).errorClass;
  if (errorClass.IsEmpty()) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", code);
    return error;
  }
  return Napi::Error(env, errorClass.New({Napi::String::New(env, code), Napi::String::New(env, message)}));
}

inline Napi::Error makeError(Napi::Env env, std::exception_ptr exception) {
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

/// Node-API's own errors are of JavaScript's classes (a Symbol for a string is a TypeError).
inline Napi::Error ownError(Napi::Env env, const Napi::Error& error) {
  const auto& errorClass = Environment::of(env).errorClass;
  if (errorClass.IsEmpty() || error.Value().InstanceOf(errorClass.Value())) return error;
  return makeError(env, "ERR_INVALID_ARGUMENT", error.Message());
}

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

/// Each wrapped class has a tag of its own: napi_unwrap does not check types, and a wrong object must not crash.
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
