// Memory of a device for other processes.
#include "binding/exports.hpp"
#include "binding/interop/memory_wrap.hpp"
#include "cuda/ipc.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

void requireCuda(const Device& device) {
  require(device.backend->kind() == DeviceKind::cuda, "ERR_UNSUPPORTED_OP",
          "IPC: expected memory of a CUDA device, received memory of the CPU");
}

/// (memory): its allocation's handle, and its offset there, after all work on it.
Napi::Value exportMemory(const Napi::CallbackInfo& info) {
  const interop::Memory& memory = unwrap<MemoryWrap>(info[0], "memory").memory();
  requireCuda(*memory.device);
  require(memory.bytes != 0, "ERR_INVALID_ARGUMENT", "IPC: expected memory of at least 1 byte");
  const cuda::IpcMemory exported = cuda::exportMemory(*memory.device->backend, memory.data);
  memory.useOn(memory.device->immediate);
  memory.device->immediate->wait();  // the other process knows nothing of our streams
  auto result = Napi::Object::New(info.Env());
  result["handle"] = Napi::Buffer<unsigned char>::Copy(info.Env(), exported.handle.data(), exported.handle.size());
  result["offset"] = Napi::Number::New(info.Env(), static_cast<double>(exported.offset));
  return result;
}

/// (device): its UUID.
Napi::Value deviceUuid(const Napi::CallbackInfo& info) {
  const auto device = openDevice(info[0].ToString());
  requireCuda(*device);
  return Napi::String::New(info.Env(), cuda::deviceUuid(*device->backend));
}

}  // namespace

void exportIpc(Napi::Env env, Napi::Object exports) {
  exportFunction<exportMemory>(env, exports, "exportMemory");
  exportFunction<deviceUuid>(env, exports, "deviceUuid");
}

}  // namespace framelane::binding
