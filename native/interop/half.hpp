#pragma once
#include "interop/memory.hpp"

namespace framelane::interop {

enum class HalfWay { toFloats, toHalves };

/// All of `to`, which has as many packed elements as `from`, on its device; enqueues there.
void convertHalves(const Memory& to, const Memory& from, HalfWay way);

}  // namespace framelane::interop
