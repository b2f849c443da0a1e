#pragma once
#include <napi.h>

#include <cstdint>
#include <string>

#include "binding/number_argument.hpp"
#include "core/error.hpp"
#include "media/nut_format.hpp"
#include "media/section.hpp"
#include "media/socket.hpp"

namespace framelane::binding {

/// Takes ownership even if the call fails later; -1, or a value that cannot be a descriptor, gives none.
inline media::Descriptor descriptorIn(Napi::Value value) {
  const double number = numberOr(value);
  return media::Descriptor(isInteger(number, -1, INT32_MAX) ? static_cast<int>(number) : -1);
}

inline media::Descriptor descriptorArgument(Napi::Value value, const char* name) {
  require(isInteger(numberOr(value), -1, INT32_MAX), "ERR_INVALID_ARGUMENT",
          std::string(name) + ": expected a file descriptor");
  return descriptorIn(value);
}

/// [numerator, denominator], both as large as FFmpeg's.
inline media::Rational rationalArgument(Napi::Value value, const std::string& name) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", name + ": expected [numerator, denominator]");
  const auto pair = value.As<Napi::Array>();
  const double numerator = numberOr(pair.Get(0u)), denominator = numberOr(pair.Get(1u));
  require(isInteger(numerator, 0, INT32_MAX) && isInteger(denominator, 1, INT32_MAX), "ERR_INVALID_ARGUMENT",
          name + ": expected a positive fraction of 32-bit numbers");
  return {static_cast<int64_t>(numerator), static_cast<int64_t>(denominator)};
}

/// { start, origin } in seconds; from the start to the end where it is undefined.
inline media::Section sectionArgument(Napi::Value value) {
  if (value.IsUndefined()) return {};
  require(value.IsObject(), "ERR_INVALID_ARGUMENT", "section: expected an object");
  const auto section = value.As<Napi::Object>();
  return {numberArgument(section.Get("start"), "section.start"),
          numberArgument(section.Get("origin"), "section.origin")};
}

}  // namespace framelane::binding
