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
                      accessor<&MemoryWrap::device>("device"), accessor<&MemoryWrap::stream>("stream"),
                      method<&MemoryWrap::free>("free")});
}

MemoryWrap::MemoryWrap(const Napi::CallbackInfo& info) : OwnerWrap(info), table_(Environment::of(info.Env()).memories) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<MemoryWrap>::value);
    memory_ = makeMemory(info);
    number_ = table_->add(memory_);
    // A plain property is read much faster than an accessor.
    info.This().As<Napi::Object>().Set("number", number_);
  });
}

MemoryWrap::~MemoryWrap() {
  if (number_ != 0) table_->remove(number_);
}

interop::Memory MemoryWrap::makeMemory(const Napi::CallbackInfo& info) {
  if (info[0].IsObject()) return interop::expose(*unwrap<ImageWrap>(info[0], "an image").buffer());
  if (info[0].IsExternal()) return std::move(*info[0].As<Napi::External<interop::Memory>>().Data());
  const auto bytes = static_cast<size_t>(numberArgument(info[1], "bytes"));
  if (info[0].IsBigInt()) return wrapped(info[0], bytes);
  if (info[2].IsTypedArray()) return opened(info[0], info[2].As<Napi::TypedArray>(), bytes);
  interop::Memory memory = interop::allocate(openDevice(info[0].ToString()), bytes);
  holds(bytes);
  return memory;
}

void MemoryWrap::release() noexcept {
  if (number_ != 0) table_->remove(number_);
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

/// The handle of the stream that used it last; null on the CPU.
Napi::Value MemoryWrap::stream(const Napi::CallbackInfo& info) {
  const interop::Memory& own = memory();
  const auto& last = own.block ? own.block->lastStream() : own.device->immediate;
  const uint64_t handle = last->queue().handle();
  return handle == 0 ? info.Env().Null() : Napi::Value(Napi::BigInt::New(info.Env(), handle));
}

Napi::Value MemoryWrap::device(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), memory().device->backend->info().id);
}

Napi::Value MemoryWrap::free(const Napi::CallbackInfo& info) {
  release();
  return info.Env().Undefined();
}

}  // namespace framelane::binding
