#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/manifest.hpp"
#include "binding/number_argument.hpp"
#include "core/recorder.hpp"
#include "cuda/specialised/count.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

Napi::Object toObject(Napi::Env env, const DeviceInfo& info) {
  auto object = Napi::Object::New(env);
  object["id"] = Napi::String::New(env, info.id);
  object["kind"] = Napi::String::New(env, info.kind == DeviceKind::cpu ? "cpu" : "cuda");
  object["name"] = Napi::String::New(env, info.name);
  object["detail"] = Napi::String::New(env, info.detail);
  object["memoryBytes"] = Napi::Number::New(env, static_cast<double>(info.memoryBytes));
  return object;
}

Napi::Object toObject(Napi::Env env, const MemoryCount& count) {
  auto object = Napi::Object::New(env);
  object["live"] = Napi::Number::New(env, static_cast<double>(count.live));
  object["pooled"] = Napi::Number::New(env, static_cast<double>(count.pooled));
  object["peak"] = Napi::Number::New(env, static_cast<double>(count.peak));
  object["allocations"] = Napi::Number::New(env, static_cast<double>(count.allocations));
  return object;
}

Napi::Object toObject(Napi::Env env, const CacheCount& count) {
  auto object = Napi::Object::New(env);
  object["count"] = Napi::Number::New(env, static_cast<double>(count.count));
  object["bytes"] = Napi::Number::New(env, static_cast<double>(count.bytes));
  return object;
}

std::shared_ptr<Device> deviceArgument(const Napi::CallbackInfo& info) {
  require(info[0].IsString(), "ERR_INVALID_ARGUMENT", "device: expected a string");
  return openDevice(info[0].As<Napi::String>());
}

Napi::Value initialize(const Napi::CallbackInfo& info) {
  if (!info[0].IsFunction())
    throw makeError(info.Env(), "ERR_INVALID_ARGUMENT", "initialize: expected the error class");
  Environment::of(info.Env()).errorClass = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

Napi::Value devices(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const DeviceList list = listDevices();
  auto array = Napi::Array::New(env);
  for (const DeviceInfo& device : list.devices) array[array.Length()] = toObject(env, device);
  auto result = Napi::Object::New(env);
  result["devices"] = array;
  result["cudaReason"] = Napi::String::New(env, list.cudaReason);
  return result;
}

Napi::Value memoryUsage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto device = deviceArgument(info);
  Environment::of(info.Env()).recorder->flush();
  auto result = Napi::Object::New(env);
  result["device"] = toObject(env, device->memory->count(MemoryKind::device));
  result["host"] = toObject(env, device->memory->count(MemoryKind::host));
  result["plans"] = toObject(env, device->plans.count());
  result["coefficients"] = toObject(env, device->stages.count());
  return result;
}

Napi::Value setMemoryBudget(const Napi::CallbackInfo& info) {
  const auto device = deviceArgument(info);
  Environment::of(info.Env()).recorder->flush();
  const std::string kind = info[1].ToString();
  require(kind == "device" || kind == "host", "ERR_INVALID_ARGUMENT", "memory budget: expected device or host");
  device->memory->setBudget(kind == "device" ? MemoryKind::device : MemoryKind::host,
                            static_cast<size_t>(numberArgument(info[2], "memory budget")));
  return info.Env().Undefined();
}

Napi::Value trimMemory(const Napi::CallbackInfo& info) {
  const auto device = deviceArgument(info);
  Environment::of(info.Env()).recorder->flush();
  device->plans.clear();
  device->stages.clear();
  device->codes.clear();
  device->immediate->wait();  // pooled blocks may still be read by what was enqueued before they came back
  device->memory->trim();
  return info.Env().Undefined();
}

Napi::Value specialised(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const cuda::SpecialisedCount count = cuda::specialisedCount();
  auto result = Napi::Object::New(env);
  result["running"] = Napi::Number::New(env, count.running);
  result["compiled"] = Napi::Number::New(env, count.compiled);
  result["failure"] = Napi::String::New(env, count.failure);
  return result;
}

/// [{ source, options, headers: { name: text } }]
Napi::Value specialisedPrograms(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto result = Napi::Array::New(env);
  for (const cuda::CompileRequest& program : cuda::sampleSpecialisedPrograms()) {
    auto options = Napi::Array::New(env);
    for (const std::string& option : program.options) options[options.Length()] = Napi::String::New(env, option);
    auto headers = Napi::Object::New(env);
    for (const cuda::SourceHeader& header : program.headers) headers[header.name] = Napi::String::New(env, header.text);
    auto entry = Napi::Object::New(env);
    entry["source"] = Napi::String::New(env, program.source);
    entry["options"] = options;
    entry["headers"] = headers;
    result[result.Length()] = entry;
  }
  return result;
}

Napi::Value synchronize(const Napi::CallbackInfo& info) {
  const auto device = deviceArgument(info);
  Environment::of(info.Env()).recorder->flush();
  Environment::of(info.Env()).streams->wait(*device);
  device->immediate->wait();
  return info.Env().Undefined();
}

}  // namespace

void exportDevices(Napi::Env env, Napi::Object exports) {
  exportFunction<initialize>(env, exports, "initialize");
  exportFunction<manifest>(env, exports, "manifest");
  exportFunction<devices>(env, exports, "devices");
  exportFunction<memoryUsage>(env, exports, "memoryUsage");
  exportFunction<setMemoryBudget>(env, exports, "setMemoryBudget");
  exportFunction<trimMemory>(env, exports, "trimMemory");
  exportFunction<specialised>(env, exports, "specialised");
  exportFunction<specialisedPrograms>(env, exports, "specialisedPrograms");
  exportFunction<synchronize>(env, exports, "synchronize");
}

}  // namespace framelane::binding
