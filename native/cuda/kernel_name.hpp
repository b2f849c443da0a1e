#pragma once
#include <string>

namespace framelane::cuda {

/// The name of a kernel as its source has it, from its symbol: "scale<float>" from "_Z5scaleIfEvPT_"; the symbol where it is no
/// C++ name.
std::string kernelName(const char* symbol);

}  // namespace framelane::cuda
