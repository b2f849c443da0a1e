#include "binding/exports.hpp"
#include "binding/interop/memory_wrap.hpp"
#include "interop/half.hpp"

namespace framelane::binding {

namespace {

/// (to, from): floats to halves where `to` has fewer bytes, else halves to floats.
Napi::Value convertHalves(const Napi::CallbackInfo& info) {
  const interop::Memory& to = unwrap<MemoryWrap>(info[0], "memory").memory();
  const interop::Memory& from = unwrap<MemoryWrap>(info[1], "memory").memory();
  using interop::HalfWay;
  interop::convertHalves(to, from, to.bytes < from.bytes ? HalfWay::toHalves : HalfWay::toFloats);
  return info.Env().Undefined();
}

}  // namespace

void exportHalf(Napi::Env env, Napi::Object exports) { exportFunction<convertHalves>(env, exports, "convertHalves"); }

}  // namespace framelane::binding
