#pragma once
#include <napi.h>

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

/// [numerator, denominator], both safe integers.
inline media::Rational rationalArgument(Napi::Value value, const char* name) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected [numerator, denominator]");
  const auto pair = value.As<Napi::Array>();
  const media::Rational result{pair.Get(0u).ToNumber().Int64Value(), pair.Get(1u).ToNumber().Int64Value()};
  require(result.num >= 0 && result.den > 0, "ERR_INVALID_ARGUMENT", std::string(name) + ": expected a positive fraction");
  return result;
}

}  // namespace framelane::binding
