#include "binding/interop/memory_wrap.hpp"

#include <algorithm>

#include "binding/image_wrap.hpp"
#include "binding/number_argument.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

interop::Memory wrapped(Napi::Value address, size_t bytes) {
  bool lossless = false;
  const uint64_t number = address.As<Napi::BigInt>().Uint64Value(&lossless);
  require(lossless && number != 0, "ERR_INVALID_ARGUMENT", "data: expected an address above 0 of 64 bits");
  return interop::wrap(reinterpret_cast<void*>(number), bytes);
}

interop::Memory opened(Napi::Value device, Napi::TypedArray array, size_t bytes) {
  cuda::IpcBytes handle;
  require(array.ByteLength() == handle.size(), "ERR_INVALID_ARGUMENT", "handle: expected 64 bytes");
  const auto* const data = static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset();
  std::copy_n(data, handle.size(), handle.begin());
  return interop::open(openDevice(device.ToString()), handle, bytes);
}

}  // namespace

Napi::Function MemoryWrap::define(Napi::Env env) {
  return DefineClass(env, "MemoryHandle",
                     {accessor<&MemoryWrap::address>("address"), accessor<&MemoryWrap::byteLength>("byteLength"),
                      accessor<&MemoryWrap::device>("device"), method<&MemoryWrap::free>("free")});
}

MemoryWrap::MemoryWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<MemoryWrap>::value);
    if (info[0].IsObject()) {
      memory_ = interop::expose(*unwrap<ImageWrap>(info[0], "an image").buffer());
      return;
    }
    if (info[0].IsExternal()) {
      memory_ = std::move(*info[0].As<Napi::External<interop::Memory>>().Data());
      return;
    }
    const auto bytes = static_cast<size_t>(numberArgument(info[1], "bytes"));
    if (info[0].IsBigInt()) {
      memory_ = wrapped(info[0], bytes);
      return;
    }
    if (info[2].IsTypedArray()) {
      memory_ = opened(info[0], info[2].As<Napi::TypedArray>(), bytes);
      return;
    }
    memory_ = interop::allocate(openDevice(info[0].ToString()), bytes);
    holds(bytes);
  });
}

void MemoryWrap::release() noexcept {
  memory_ = {};
  holds(0);
}

const interop::Memory& MemoryWrap::memory() const {
  require(memory_.device != nullptr, "ERR_DISPOSED", "the buffer has been freed");
  return memory_;
}

Napi::Value MemoryWrap::address(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(memory().data));
}

Napi::Value MemoryWrap::byteLength(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(memory().bytes));
}

Napi::Value MemoryWrap::device(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), memory().device->backend->info().id);
}

Napi::Value MemoryWrap::free(const Napi::CallbackInfo& info) {
  release();
  return info.Env().Undefined();
}

}  // namespace framelane::binding
