#pragma once
#include <napi.h>

#include "binding/environment.hpp"
#include "binding/owner.hpp"
#include "binding/tag.hpp"
#include "interop/memory.hpp"

namespace framelane::binding {

/// Memory that JavaScript owns by its handle: (device, bytes) from the pool, (address, bytes) somebody else's,
/// (device, bytes, IPC handle) another process's, (image) its own, (External) what native code got.
class MemoryWrap final : public OwnerWrap<MemoryWrap> {
 public:
  explicit MemoryWrap(const Napi::CallbackInfo& info);
  ~MemoryWrap() override;
  void release() noexcept override;
  /// ERR_DISPOSED after free().
  const interop::Memory& memory() const;
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value address(const Napi::CallbackInfo& info);
  Napi::Value byteLength(const Napi::CallbackInfo& info);
  Napi::Value stream(const Napi::CallbackInfo& info);
  Napi::Value device(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  interop::Memory makeMemory(const Napi::CallbackInfo& info);
  const std::shared_ptr<MemoryTable> table_;
  interop::Memory memory_;
  double number_ = 0;
};

template <>
struct Tag<MemoryWrap> {
  static constexpr napi_type_tag value{0x6a1be0c7d2f94e35, 0x8d07c4a3b95e12f8};
};

}  // namespace framelane::binding
