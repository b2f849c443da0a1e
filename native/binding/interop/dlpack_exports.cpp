// Arrays of other addons of this process, by DLPack.
#include "binding/exports.hpp"
#include "binding/interop/js_hold.hpp"
#include "binding/interop/memory_wrap.hpp"
#include "binding/number_argument.hpp"
#include "interop/dlpack.hpp"

namespace framelane::binding {

namespace {

using interop::DLPack;

std::array<int64_t, kMostDimensions> integersOf(Napi::Value value) {
  std::array<int64_t, kMostDimensions> result{};
  const auto array = value.As<Napi::Array>();
  require(array.Length() <= kMostDimensions, "ERR_INVALID_ARGUMENT", "DLPack: expected at most 8 dimensions");
  for (uint32_t i = 0; i < array.Length(); i++) result[i] = array.Get(i).ToNumber().Int64Value();
  return result;
}

Napi::Array toJs(Napi::Env env, const std::array<int64_t, kMostDimensions>& values, int rank) {
  auto result = Napi::Array::New(env, static_cast<size_t>(rank));
  for (int i = 0; i < rank; i++)
    result[static_cast<uint32_t>(i)] = Napi::Number::New(env, static_cast<double>(values[i]));
  return result;
}

/// (memory, offset, shape, strides, dtype, read-only, version, function to keep or undefined): an array for another addon.
class CapsuleWrap final : public OwnerWrap<CapsuleWrap> {
 public:
  explicit CapsuleWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
    guard(info.Env(), [&] {
      interop::Array array;
      array.memory = unwrap<MemoryWrap>(info[0], "memory").memory();
      array.offset = static_cast<int64_t>(numberArgument(info[1], "offset"));
      array.rank = static_cast<int>(info[2].As<Napi::Array>().Length());
      array.shape = integersOf(info[2]);
      array.strides = integersOf(info[3]);
      array.dtype = info[4].ToString();
      array.readOnly = info[5].ToBoolean();
      const bool versioned = numberArgument(info[6], "version") != 0;
      const auto keep = info[7].IsFunction() ? hold(info.Env(), info[7].As<Napi::Function>()) : nullptr;
      array.memory.useOn(array.memory.device->immediate);
      array.memory.device->immediate->wait();  // the other one knows nothing of our streams
      source_ = interop::lend(array, versioned, keep);
      holds(array.memory.bytes);
    });
  }

  void release() noexcept override {
    source_.reset();
    holds(0);
  }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "CapsuleHandle",
                       {method<&CapsuleWrap::take>("take"), method<&CapsuleWrap::free>("free"),
                        accessor<&CapsuleWrap::taken>("taken")});
  }

 private:
  /// The caller calls the deleter, from then on.
  Napi::Value take(const Napi::CallbackInfo& info) {
    require(source_.get() != nullptr, "ERR_DISPOSED", "the DLPack capsule has been consumed or freed");
    const auto external = Napi::External<void>::New(info.Env(), source_.get());
    source_.release();
    holds(0);
    return external;
  }
  Napi::Value free(const Napi::CallbackInfo& info) {
    release();
    return info.Env().Undefined();
  }
  Napi::Value taken(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), source_.get() == nullptr); }
  DLPack source_{nullptr, true};
};

/// (external, version): the array that it points to, which is ours from then on, refused or not.
Napi::Value importDLPack(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(info[0].IsExternal(), "ERR_INVALID_ARGUMENT", "DLPack: expected an External");
  const bool versioned = numberArgument(info[1], "version") != 0;
  void* const managed = info[0].As<Napi::External<void>>().Data();
  require(managed != nullptr, "ERR_INVALID_ARGUMENT", "DLPack: expected an External that points to an array");
  interop::Array array = interop::adopt({managed, versioned});
  auto result = Napi::Object::New(env);
  result["offset"] = Napi::Number::New(env, static_cast<double>(array.offset));
  result["shape"] = toJs(env, array.shape, array.rank);
  result["strides"] = toJs(env, array.strides, array.rank);
  result["dtype"] = Napi::String::New(env, array.dtype);
  result["device"] = Napi::String::New(env, array.memory.device->backend->info().id);
  result["readOnly"] = Napi::Boolean::New(env, array.readOnly);
  auto memory = std::make_unique<interop::Memory>(std::move(array.memory));
  const auto end = [](Napi::Env, interop::Memory* memory) { delete memory; };
  result["memory"] = Napi::External<interop::Memory>::New(env, memory.get(), end);  // for a MemoryHandle
  memory.release();
  return result;
}

}  // namespace

void exportDLPack(Napi::Env env, Napi::Object exports) {
  exports["CapsuleHandle"] = CapsuleWrap::define(env);
  exportFunction<importDLPack>(env, exports, "importDLPack");
}

}  // namespace framelane::binding
