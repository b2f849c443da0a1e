#pragma once
// Functions of numbers, for calls so frequent that the cost of node-addon-api's CallbackInfo matters.
#include <napi.h>

#include <array>
#include <cmath>
#include <cstddef>

#include "binding/environment.hpp"
#include "binding/number_argument.hpp"

namespace framelane::binding {

class PlainCall {
 public:
  PlainCall(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    void* environment = nullptr;
    napi_get_cb_info(env, info, &count, arguments_.data(), nullptr, &environment);
    environment_ = static_cast<Environment*>(environment);
  }
  Environment& environment() const { return *environment_; }
  /// NaN for what is no number. Arguments that are missing are undefined.
  double number(size_t index) const {
    double value = NAN;
    return napi_get_value_double(env_, arguments_[index], &value) == napi_ok ? value : NAN;
  }
  /// An integer of at most 32 bits, or ERR_INVALID_SIZE.
  int integer(size_t index, const char* name) const {
    const double value = number(index);
    if (!isInteger(value, INT32_MIN, INT32_MAX)) fail("ERR_INVALID_SIZE", std::string(name) + ": expected an integer");
    return static_cast<int>(value);
  }
  /// The image of that number. The pointer keeps it, because JavaScript may collect its object.
  std::shared_ptr<ImageBuffer> image(size_t index) const { return environment_->images->at(number(index)); }
  /// Of the device: 0 or nothing is the immediate one.
  const std::shared_ptr<Stream>& stream(size_t index, const Device& device) const {
    const double number = this->number(index);
    return number == 0 || std::isnan(number) ? device.immediate : environment_->streams->on(device, number);
  }
  napi_value value(size_t index) const { return arguments_[index]; }
  Napi::Env env() const { return env_; }
  napi_value toJs(double value) const {
    napi_value result = nullptr;
    napi_create_double(env_, value, &result);
    return result;
  }

 private:
  static constexpr size_t kMost = 5;
  napi_env env_;
  Environment* environment_ = nullptr;
  std::array<napi_value, kMost> arguments_{};
};

/// A null result is undefined in JavaScript.
template <napi_value (*body)(const PlainCall&)>
napi_value plainCallback(napi_env env, napi_callback_info info) {
  try {
    return guard(env, [&] { return body(PlainCall(env, info)); });
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
    return nullptr;
  }
}

template <napi_value (*body)(const PlainCall&)>
void exportPlain(Napi::Env env, Napi::Object exports, const char* name) {
  napi_value function = nullptr;
  const auto status =
      napi_create_function(env, name, NAPI_AUTO_LENGTH, plainCallback<body>, &Environment::of(env), &function);
  NAPI_THROW_IF_FAILED_VOID(env, status);
  exports[name] = function;
}

}  // namespace framelane::binding
