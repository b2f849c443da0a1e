#pragma once
#include <napi.h>

#include <limits>
#include <string>

#include "core/error.hpp"
#include "media/nut_format.hpp"
#include "media/socket.hpp"

namespace framelane::binding {

/// Owned from here on, whatever becomes of the call; -1 is none.
inline media::Descriptor descriptorArgument(Napi::Value value, const char* name) {
  require(value.IsNumber(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected a file descriptor");
  return media::Descriptor(value.As<Napi::Number>().Int32Value());
}

/// [numerator, denominator], both as large as FFmpeg's.
inline media::Rational rationalArgument(Napi::Value value, const std::string& name) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", name + ": expected [numerator, denominator]");
  const auto pair = value.As<Napi::Array>();
  const media::Rational result{pair.Get(0u).ToNumber().Int64Value(), pair.Get(1u).ToNumber().Int64Value()};
  constexpr int64_t kLargest = std::numeric_limits<int32_t>::max();
  require(result.num >= 0 && result.num <= kLargest && result.den > 0 && result.den <= kLargest, "ERR_INVALID_ARGUMENT",
          name + ": expected a positive fraction of 32-bit numbers");
  return result;
}

/// From 0 to the largest safe integer.
inline double numberArgument(Napi::Value value, const std::string& name) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  require(number >= 0 && number <= 9007199254740991, "ERR_INVALID_ARGUMENT", name + ": expected a number, 0 or more");
  return number;
}

}  // namespace framelane::binding
