// Stands in for the CUDA backend in a build without nvcc.
#ifndef FL_HAS_CUDA
#include "core/error.hpp"
#include "core/op.hpp"
#include "cuda/cuda.hpp"
#include "cuda/gl_interop.hpp"
#include "cuda/half.hpp"
#include "cuda/ipc.hpp"
#include "cuda/memory.hpp"
#include "cuda/module.hpp"
#include "cuda/specialised/count.hpp"
#include "ops/all.hpp"

namespace framelane::cuda {

namespace {
constexpr const char* kReason = "this build has no CUDA backend (nvcc was not found when it was built)";
}

Status status() { return {{}, kReason}; }

std::shared_ptr<Backend> makeBackend(int ordinal) {
  fail("ERR_DEVICE_UNAVAILABLE", "cuda:" + std::to_string(ordinal) + ": " + kReason);
}

// No backend can exist to reach these; they complete the registry and the displays.
bool drivesCurrentContext(Backend&) { return false; }
std::unique_ptr<gl::MappedBuffer> mapBuffer(Backend&, gl::GLuint, size_t, gl::Access) {
  fail("ERR_DEVICE_UNAVAILABLE", kReason);
}
std::unique_ptr<gl::MappedTextures> mapTextures(Backend&, const std::vector<gl::GLuint>&) {
  fail("ERR_DEVICE_UNAVAILABLE", kReason);
}
std::unique_ptr<Module> loadModule(Device& device, std::string_view) {
  fail("ERR_DEVICE_UNAVAILABLE", "device " + device.backend->info().id + " runs no CUDA code: " + kReason);
}
int computeCapability(Device& device) {
  fail("ERR_DEVICE_UNAVAILABLE", "device " + device.backend->info().id + " runs no CUDA code: " + kReason);
}

SpecialisedCount specialisedCount() { return {}; }
std::vector<CompileRequest> sampleSpecialisedPrograms() { return {}; }
int deviceOfAddress(const void*, size_t) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
void copyRows(Queue&, void*, size_t, const void*, size_t, size_t, size_t) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
void copyElements(Queue&, void*, const void*, const StridedCopy&) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
void floatsOfHalves(Queue&, float*, const uint16_t*, size_t) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
void halvesOfFloats(Queue&, uint16_t*, const float*, size_t) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
IpcMemory exportMemory(Backend&, const void*) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
std::shared_ptr<void> importMemory(const std::shared_ptr<Backend>&, const IpcBytes&) {
  fail("ERR_DEVICE_UNAVAILABLE", kReason);
}
std::string deviceUuid(Backend&) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }
void waitForStream(Queue&, uint64_t) { fail("ERR_DEVICE_UNAVAILABLE", kReason); }

#define FL_CUSTOM(Struct, name)                                                  \
  std::unique_ptr<AreaStage> prepare(const Struct&, Device&, const AreaShape&) { \
    fail("ERR_DEVICE_UNAVAILABLE", kReason);                                     \
  }
#define FL_RESULT FL_CUSTOM
#include "ops/registry.def"

}  // namespace framelane::cuda
#endif
