#pragma once
// What one JavaScript environment (main thread or worker) owns. No JavaScript state is static, so workers need nothing special.
#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "binding/code_list.hpp"
#include "binding/image_table.hpp"
#include "binding/interop/launch_block.hpp"
#include "binding/interop/memory_table.hpp"
#include "binding/js_error.hpp"
#include "binding/owner.hpp"
#include "binding/slot_reader.hpp"
#include "binding/stream_table.hpp"
#include "binding/tag.hpp"
#include "core/error.hpp"
#include "core/memory.hpp"
#include "devices/devices.hpp"

namespace framelane {
class Recorder;  // core/recorder.hpp
}

namespace framelane::binding {

class EventWaiter;  // binding/interop/event_waiter.hpp

struct Environment {
  explicit Environment(Napi::Env env);
  ~Environment();
  Napi::FunctionReference errorClass;
  std::shared_ptr<Owners> owners;
  const std::unique_ptr<Recorder> recorder;                                // of the immediate API
  std::shared_ptr<ImageTable> images = std::make_shared<ImageTable>();     // handles may outlive this
  const std::unique_ptr<CodeList> codes = std::make_unique<CodeList>();    // of the program's own operations
  std::shared_ptr<Slots> slots = std::make_shared<Slots>();                // JavaScript's array keeps it, too
  std::shared_ptr<StreamTable> streams = std::make_shared<StreamTable>();  // handles may outlive this
  std::shared_ptr<MemoryTable> memories = std::make_shared<MemoryTable>();
  std::shared_ptr<LaunchBlock> launch = std::make_shared<LaunchBlock>();
  std::shared_ptr<EventWaiter> waiter;           // made by the first promise
  std::vector<std::shared_ptr<Device>> devices;  // opened by `device`

  /// By number: 0 is the CPU, n + 1 the n-th CUDA device.
  const std::shared_ptr<Device>& device(double number);

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

inline const std::shared_ptr<Device>& Environment::device(double number) {
  constexpr size_t kMost = 100;
  if (!(number >= 0 && number < kMost)) fail("ERR_INVALID_ARGUMENT", "device: expected the number of one");
  const auto place = static_cast<size_t>(number);
  if (devices.size() <= place) devices.resize(place + 1);
  auto& device = devices[place];
  if (!device) device = openDevice(place == 0 ? "cpu" : "cuda:" + std::to_string(place - 1));
  return device;
}

}  // namespace framelane::binding
