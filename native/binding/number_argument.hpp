#pragma once
// Numbers of JavaScript: checked before they are cast, because casting a double that does not fit an integer is undefined.
#include <napi.h>

#include <cmath>
#include <string>

#include "core/error.hpp"

namespace framelane::binding {

constexpr double kLargestSafeInteger = 9007199254740991;

/// NaN for what is no number.
inline double numberOr(Napi::Value value) { return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN; }

inline bool isInteger(double number, double least, double most) {
  return number >= least && number <= most && number == std::floor(number);
}

/// From 0 to the largest safe integer.
inline double numberArgument(Napi::Value value, const std::string& name) {
  const double number = numberOr(value);
  require(number >= 0 && number <= kLargestSafeInteger, "ERR_INVALID_ARGUMENT",
          name + ": expected a number, 0 or more");
  return number;
}

/// A 32-bit integer, such as a side or a coordinate.
inline int integerArgument(Napi::Value value, const char* name) {
  const double number = numberOr(value);
  require(isInteger(number, INT32_MIN, INT32_MAX), "ERR_INVALID_SIZE", std::string(name) + ": expected an integer");
  return static_cast<int>(number);
}

}  // namespace framelane::binding
