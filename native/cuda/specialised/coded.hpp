#pragma once
#include <string>

#include "core/custom_code.hpp"

namespace framelane::cuda {

/// What codedOp() needs before the first.
extern const std::string kCodedHeader;
/// A point op whose apply() is the code, an instruction a line.
std::string codedOp(const std::string& name, const custom::Code& code);

}  // namespace framelane::cuda
