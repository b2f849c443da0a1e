// Calls that take image objects, and memory of a device.
#include "binding/exports.hpp"
#include "binding/graph_reader.hpp"
#include "binding/image_wrap.hpp"
#include "binding/interop/on_stream.hpp"
#include "binding/number_argument.hpp"
#include "binding/result_writer.hpp"
#include "binding/shape.hpp"
#include "core/immediate.hpp"
#include "core/recorder.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

Napi::Value outputSizeOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Size size =
      outputSize(readGraph(info[0]), {integerArgument(info[1], "width"), integerArgument(info[2], "height")});
  auto result = Napi::Object::New(env);
  result["width"] = Napi::Number::New(env, size.width);
  result["height"] = Napi::Number::New(env, size.height);
  return result;
}

Napi::Value apply(const Napi::CallbackInfo& info) {
  const auto source = unwrap<ImageWrap>(info[1], "an image").buffer();
  const auto destination = unwrap<ImageWrap>(info[2], "an image for dst").buffer();
  const auto temp = info[3].IsObject() ? unwrap<ImageWrap>(info[3], "an image for temp").buffer() : nullptr;
  const Graph graph = readGraph(info[0]);
  Environment::of(info.Env())
      .recorder->apply(graph, source, destination, temp.get(), streamArgument(*source->device(), info[4]));
  return info.Env().Undefined();
}

/// (stage, image, stream): the operation's result.
Napi::Value measure(const Napi::CallbackInfo& info) {
  const auto image = unwrap<ImageWrap>(info[1], "an image").buffer();
  const auto& stream = streamArgument(*image->device(), info[2]);
  auto stages = Napi::Array::New(info.Env());
  stages[0u] = info[0];
  const auto op = readGraph(stages).ops.front();
  return writeResult(info.Env(), *op, measureImage(op, image->read(stream)).data());
}

/// (owner, device, shape): the number of a frame that is freed with its owner.
Napi::Value makeFrame(const Napi::CallbackInfo& info) {
  ImageTable& images = *Environment::of(info.Env()).images;
  auto frame = std::make_shared<ImageBuffer>(openDevice(info[1].ToString()), readShape(info[2]));
  auto held = std::make_unique<HeldImage>(info.Env(), info[0], images, std::move(frame));
  return Napi::Number::New(info.Env(), images.add(std::move(held)));
}

/// (device, bytes): host memory of a device's pool (pinned on CUDA), returned when the array is collected.
Napi::Value hostMemory(const Napi::CallbackInfo& info) {
  const auto bytes = static_cast<size_t>(numberArgument(info[1], "bytes"));
  auto block = std::make_unique<Block>(openDevice(info[0].ToString())->memory->take(MemoryKind::host, bytes));
  const auto release = [](Napi::Env, void*, Block* hint) { delete hint; };
  const auto memory = Napi::ArrayBuffer::New(info.Env(), block->data(), bytes, release, block.get());
  block.release();
  return memory;
}

}  // namespace

void exportImage(Napi::Env env, Napi::Object exports) {
  Napi::Function imageClass = ImageWrap::define(env);
  exports["ImageHandle"] = imageClass;
  exportFunction<makeFrame>(env, exports, "makeFrame");
  exportFunction<outputSizeOf>(env, exports, "outputSize");
  exportFunction<hostMemory>(env, exports, "hostMemory");
  exportFunction<apply>(env, exports, "apply");
  exportFunction<measure>(env, exports, "measure");
}

}  // namespace framelane::binding
