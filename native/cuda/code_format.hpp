#pragma once
#include <string_view>

namespace framelane::cuda {

enum class CodeFormat { cubin, fatbin, ptx };

/// What compiled code is. The driver reads as far as the code's own headers say, so those are held against the number of bytes:
/// ERR_INPUT_TRUNCATED where they say more, ERR_INPUT_INVALID for what is no code.
CodeFormat codeFormat(std::string_view code);

}  // namespace framelane::cuda
