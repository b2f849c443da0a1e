// Stands in for the CUDA backend in a build without nvcc.
#ifndef FL_HAS_CUDA
#include "core/error.hpp"
#include "core/op.hpp"
#include "cuda/cuda.hpp"
#include "ops/all.hpp"

namespace framelane::cuda {

namespace {
constexpr const char* kReason =
    "this build has no CUDA backend (nvcc was not found when it was built)";
}

Status status() { return {{}, kReason}; }

std::shared_ptr<Backend> makeBackend(int ordinal) {
  fail("ERR_DEVICE_UNAVAILABLE", "cuda:" + std::to_string(ordinal) + ": " + kReason);
}

// No backend can exist to reach these; they complete the registry.
#define FL_AREA(Struct, name)                                                     \
  std::unique_ptr<AreaStage> prepare(const Struct&, Backend&, const AreaShape&) { \
    fail("ERR_DEVICE_UNAVAILABLE", kReason);                                      \
  }
#include "registry.def"

}  // namespace framelane::cuda
#endif
