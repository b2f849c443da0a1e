#include "binding/interop/module_wrap.hpp"

#include <chrono>
#include <mutex>
#include <set>
#include <string>

#include "binding/interop/memory_arguments.hpp"
#include "binding/interop/on_stream.hpp"
#include "binding/number_argument.hpp"
#include "core/recorder.hpp"

namespace framelane::binding {

namespace {

/// A name that errors may show after its module is gone.
const char* permanent(const std::string& name) {
  static std::mutex& mutex = *new std::mutex;
  static auto& names = *new std::set<std::string>;
  const std::scoped_lock lock(mutex);
  return names.insert("kernel " + name).first->c_str();
}

Napi::Value toJs(Napi::Env env, double number) { return Napi::Number::New(env, number); }

Napi::Array toJs(Napi::Env env, const std::array<int, 3>& sides) {
  auto array = Napi::Array::New(env, sides.size());
  for (uint32_t i = 0; i < sides.size(); i++) array[i] = toJs(env, sides[i]);
  return array;
}

std::string nameArgument(Napi::Value value) {
  require(value.IsString(), "ERR_INVALID_ARGUMENT", "name: expected text");
  return value.As<Napi::String>();
}

size_t sizeArgument(Napi::Value value, const char* name) {
  constexpr double kMost = 1 << 30;
  const double number = numberOr(value);
  require(isInteger(number, 0, kMost), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected a number of bytes");
  return static_cast<size_t>(number);
}

}  // namespace

std::string_view bytesArgument(Napi::Value value, const char* name) {
  if (value.IsTypedArray()) {
    const auto array = value.As<Napi::TypedArray>();
    return {static_cast<const char*>(array.ArrayBuffer().Data()) + array.ByteOffset(), array.ByteLength()};
  }
  require(value.IsDataView(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected a typed array or a DataView");
  const auto view = value.As<Napi::DataView>();
  return {static_cast<const char*>(view.ArrayBuffer().Data()) + view.ByteOffset(), view.ByteLength()};
}

Napi::Function ModuleWrap::define(Napi::Env env) {
  return DefineClass(
      env, "ModuleHandle",
      {accessor<&ModuleWrap::limits>("limits"), method<&ModuleWrap::kernel>("kernel"),
       method<&ModuleWrap::launch>("launch"), method<&ModuleWrap::benchmark>("benchmark"),
       method<&ModuleWrap::activeBlocks>("activeBlocks"), method<&ModuleWrap::suggestBlock>("suggestBlock"),
       method<&ModuleWrap::global>("global"), method<&ModuleWrap::readGlobal>("readGlobal"),
       method<&ModuleWrap::writeGlobal>("writeGlobal"), method<&ModuleWrap::free>("free")});
}

/// (device, code)
ModuleWrap::ModuleWrap(const Napi::CallbackInfo& info) : GuardedWrap(info) {
  guard(info.Env(), [&] {
    device_ = openDevice(nameArgument(info[0]));
    module_ = cuda::loadModule(*device_, bytesArgument(info[1], "code"));
  });
}

cuda::Module& ModuleWrap::module() const {
  require(module_ != nullptr, "ERR_DISPOSED", "the module has been freed");
  return *module_;
}

size_t ModuleWrap::kernelArgument(Napi::Value value) const {
  const double place = numberOr(value);
  require(isInteger(place, 0, static_cast<double>(names_.size()) - 1), "ERR_INVALID_ARGUMENT",
          "kernel: expected the number of one");
  return static_cast<size_t>(place);
}

/// (symbol, name): the number of a kernel, what is known of it, and offsets and sizes of its parameters, or null.
Napi::Value ModuleWrap::kernel(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const size_t place = module().find(nameArgument(info[0]));
  if (place == names_.size()) names_.push_back(permanent(nameArgument(info[1])));
  const cuda::KernelInfo& kernel = module().info(place);
  auto result = Napi::Object::New(env);
  result["place"] = toJs(env, static_cast<double>(place));
  result["registers"] = toJs(env, kernel.registers);
  result["sharedBytes"] = toJs(env, static_cast<double>(kernel.sharedBytes));
  result["constantBytes"] = toJs(env, static_cast<double>(kernel.constantBytes));
  result["localBytes"] = toJs(env, static_cast<double>(kernel.localBytes));
  result["maxThreads"] = toJs(env, kernel.maxThreads);
  result["maxDynamicSharedBytes"] = toJs(env, static_cast<double>(kernel.maxDynamicShared));
  result["parameters"] = env.Null();
  if (!kernel.parameters) return result;
  auto parameters = Napi::Array::New(env);
  for (const cuda::KernelParameter& parameter : *kernel.parameters) {
    auto entry = Napi::Object::New(env);
    entry["offset"] = toJs(env, static_cast<double>(parameter.offset));
    entry["bytes"] = toJs(env, static_cast<double>(parameter.bytes));
    parameters[parameters.Length()] = entry;
  }
  result["parameters"] = parameters;
  return result;
}

Napi::Value ModuleWrap::limits(const Napi::CallbackInfo& info) {
  const cuda::LaunchLimits& limits = module().limits();
  auto result = Napi::Object::New(info.Env());
  result["grid"] = toJs(info.Env(), limits.grid);
  result["block"] = toJs(info.Env(), limits.block);
  result["threads"] = toJs(info.Env(), limits.threads);
  return result;
}

void ModuleWrap::launch(size_t kernel, LaunchBlock& block, const std::shared_ptr<Stream>& stream) {
  cuda::Module& loaded = module();
  const auto& parameters = loaded.info(kernel).parameters;
  require(block.count <= LaunchBlock::kMostArguments && (!parameters || parameters->size() == block.count),
          "ERR_INVALID_ARGUMENT", "arguments: expected as many as the kernel has");
  // Where it is not known how many there are, the driver finds something to read for each.
  std::array<void*, LaunchBlock::kMostArguments> arguments;
  if (!parameters) arguments.fill(block.data.data());
  for (size_t i = 0; i < block.count; i++) {
    const size_t bytes = parameters ? (*parameters)[i].bytes : 1;
    require(block.offsets[i] < block.data.size() && bytes <= block.data.size() - block.offsets[i],
            "ERR_INVALID_ARGUMENT", "arguments: expected at most 32764 bytes");
    arguments[i] = block.data.data() + block.offsets[i];
  }
  loaded.launch(kernel, stream, {block.grid, block.block, block.sharedBytes}, arguments.data());
}

/// (kernel, number of memories, stream or nothing): the rest is in the LaunchBlock.
Napi::Value ModuleWrap::launch(const Napi::CallbackInfo& info) {
  const size_t kernel = kernelArgument(info[0]);
  Environment& environment = Environment::of(info.Env());
  const auto& stream = streamArgument(*device_, info[2]);
  MemoryArguments memories(environment, *device_, numberOr(info[1]));
  memories.useOn(stream);
  launch(kernel, *environment.launch, stream);
  memories.leave(*stream);
  const RecordedCall call = environment.recorder->number(names_[kernel]);
  stream->launches().add({&call, 1});
  return info.Env().Undefined();
}

/// (kernel, times): microseconds of a launch of what is in the LaunchBlock, without JavaScript. The addresses are still there.
Napi::Value ModuleWrap::benchmark(const Napi::CallbackInfo& info) {
  const size_t kernel = kernelArgument(info[0]);
  const int times = integerArgument(info[1], "times");
  LaunchBlock& block = *Environment::of(info.Env()).launch;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; i++) launch(kernel, block, device_->immediate);
  const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begin;
  device_->immediate->wait();
  return toJs(info.Env(), taken.count() / times);
}

/// (kernel, threads, sharedBytes)
Napi::Value ModuleWrap::activeBlocks(const Napi::CallbackInfo& info) {
  const size_t kernel = kernelArgument(info[0]);
  const int threads = integerArgument(info[1], "threads");
  return toJs(info.Env(), module().activeBlocks(kernel, threads, sizeArgument(info[2], "sharedBytes")));
}

/// (kernel, sharedBytes)
Napi::Value ModuleWrap::suggestBlock(const Napi::CallbackInfo& info) {
  const size_t kernel = kernelArgument(info[0]);
  const cuda::SuggestedBlock suggested = module().suggestBlock(kernel, sizeArgument(info[1], "sharedBytes"));
  auto result = Napi::Object::New(info.Env());
  result["threads"] = toJs(info.Env(), suggested.threads);
  result["leastBlocks"] = toJs(info.Env(), suggested.leastBlocks);
  return result;
}

/// (symbol)
Napi::Value ModuleWrap::global(const Napi::CallbackInfo& info) {
  const cuda::GlobalVariable variable = module().global(nameArgument(info[0]));
  auto result = Napi::Object::New(info.Env());
  result["pointer"] = Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(variable.data));
  result["byteLength"] = toJs(info.Env(), static_cast<double>(variable.bytes));
  return result;
}

/// (symbol, offset, array): that part of the variable.
cuda::GlobalVariable ModuleWrap::rangeArgument(const Napi::CallbackInfo& info) const {
  const cuda::GlobalVariable variable = module().global(nameArgument(info[0]));
  const size_t offset = sizeArgument(info[1], "offset"), bytes = bytesArgument(info[2], "data").size();
  require(offset <= variable.bytes && bytes <= variable.bytes - offset, "ERR_INVALID_ARGUMENT",
          "data: expected bytes within the variable");
  return {static_cast<std::byte*>(variable.data) + offset, bytes};
}

Napi::Value ModuleWrap::readGlobal(const Napi::CallbackInfo& info) {
  const cuda::GlobalVariable from = rangeArgument(info);
  char* to = const_cast<char*>(bytesArgument(info[2], "data").data());
  module().precede(device_->immediate->queue());
  const std::scoped_lock lock(device_->immediate->mutex());
  device_->immediate->queue().download(to, from.data, from.bytes);
  device_->immediate->wait();
  return info.Env().Undefined();
}

Napi::Value ModuleWrap::writeGlobal(const Napi::CallbackInfo& info) {
  const cuda::GlobalVariable to = rangeArgument(info);
  module().precede(device_->immediate->queue());
  const std::scoped_lock lock(device_->immediate->mutex());
  device_->immediate->queue().upload(to.data, bytesArgument(info[2], "data").data(), to.bytes);
  device_->immediate->wait();
  return info.Env().Undefined();
}

Napi::Value ModuleWrap::free(const Napi::CallbackInfo& info) {
  module_.reset();
  return info.Env().Undefined();
}

}  // namespace framelane::binding
