#pragma once
// The checks of every Reader of the binding: TypeScript has validated the options; these reject the values that could crash.
#include <initializer_list>

#include "core/reader.hpp"

namespace framelane::binding {

/// ERR_INVALID_OPTION.
[[noreturn]] void refuseOption(const char* name, const char* expected);
[[noreturn]] void refuseOneOf(const char* name, std::initializer_list<const char*> values);
double finiteOption(const char* name, double value);
int integerOption(const char* name, double value);
/// One whose table is as large as it says.
Lut checkedLut(const char* name, Lut lut);

}  // namespace framelane::binding
