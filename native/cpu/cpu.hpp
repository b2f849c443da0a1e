#pragma once
#include <memory>

#include "core/backend.hpp"

namespace framelane::cpu {

/// The CPU device: the best instruction set this machine has (FRAMELANE_CPU_ISA=baseline|avx2|avx512 forces one), one
/// thread pool per process with FRAMELANE_THREADS threads (default: every core).
std::shared_ptr<Backend> makeBackend();

}  // namespace framelane::cpu
