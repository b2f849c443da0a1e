#pragma once
#include <napi.h>

#include <string>

#include "core/error.hpp"
#include "media/nut_format.hpp"
#include "media/section.hpp"
#include "media/socket.hpp"

namespace framelane::binding {

/// Owned from here on, whatever becomes of the call; -1 is none.
inline media::Descriptor descriptorArgument(Napi::Value value, const char* name) {
  require(value.IsNumber(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected a file descriptor");
  return media::Descriptor(value.As<Napi::Number>().Int32Value());
}

/// [numerator, denominator], both safe integers.
inline media::Rational rationalArgument(Napi::Value value, const std::string& name) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", name + ": expected [numerator, denominator]");
  const auto pair = value.As<Napi::Array>();
  const media::Rational result{pair.Get(0u).ToNumber().Int64Value(), pair.Get(1u).ToNumber().Int64Value()};
  require(result.num >= 0 && result.den > 0, "ERR_INVALID_ARGUMENT", name + ": expected a positive fraction");
  return result;
}

/// From 0 to the largest safe integer.
inline double numberArgument(Napi::Value value, const std::string& name) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  require(number >= 0 && number <= 9007199254740991, "ERR_INVALID_ARGUMENT", name + ": expected a number, 0 or more");
  return number;
}

/// { start, origin } in seconds; from the start to the end where it is undefined.
inline media::Section sectionArgument(Napi::Value value) {
  if (value.IsUndefined()) return {};
  require(value.IsObject(), "ERR_INVALID_ARGUMENT", "section: expected an object");
  const auto section = value.As<Napi::Object>();
  return {numberArgument(section.Get("start"), "section.start"), numberArgument(section.Get("origin"), "section.origin")};
}

}  // namespace framelane::binding
