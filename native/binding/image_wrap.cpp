#include "binding/image_wrap.hpp"

#include <cstdint>
#include <functional>
#include <optional>

#include "binding/exports.hpp"
#include "binding/graph_reader.hpp"
#include "binding/number_argument.hpp"
#include "binding/result_writer.hpp"
#include "binding/shape.hpp"
#include "core/conversion.hpp"
#include "core/format_name.hpp"
#include "core/immediate.hpp"
#include "core/recorder.hpp"
#include "core/transfer.hpp"

namespace framelane::binding {

namespace {

int integerArgument(Napi::Value value, const char* name) {
  const double number = numberOr(value);
  require(isInteger(number, INT32_MIN, INT32_MAX), "ERR_INVALID_SIZE", std::string(name) + ": expected an integer");
  return static_cast<int>(number);
}

struct Samples {
  void* data;
  Element element;
};

/// The element type of an array's samples; a Buffer is a Uint8Array, too.
std::optional<Element> elementOf(napi_typedarray_type type) {
  switch (type) {
    case napi_float32_array: return Element::f32;
    case napi_uint16_array: return Element::u16;
    case napi_uint8_array:
    case napi_uint8_clamped_array: return Element::u8;
    default: return std::nullopt;
  }
}

const char* arrayName(Element element) {
  return element == Element::f32 ? "Float32Array" : element == Element::u16 ? "Uint16Array" : "Uint8Array";
}

/// Images take floats and bytes, whichever they hold; other frames samples of their own element type. The count must be exact.
Samples samplesArgument(Napi::Value value, const ImageBuffer& image) {
  const PixelFormat format = image.format();
  const bool converts = isImageFormat(format);
  const size_t count = image.bytes() / elementBytes(format.element);
  const std::string expected = "expected a " + (converts ? "Float32Array or Uint8Array" : std::string(arrayName(format.element))) +
                               " of " + std::to_string(count) + " samples (" + std::to_string(image.size().width) + "x" +
                               std::to_string(image.size().height) + " " +
                               (converts ? std::string("RGBA") : formatName(format)) + "), ";
  require(value.IsTypedArray(), "ERR_INVALID_ARGUMENT", "data: " + expected + "received something else");
  const auto array = value.As<Napi::TypedArray>();
  const auto element = elementOf(array.TypedArrayType());
  const bool fits = element && (converts ? *element != Element::u16 : *element == format.element);
  require(fits && array.ElementLength() == count, "ERR_INVALID_ARGUMENT",
          "data: " + expected + "received " + std::to_string(array.ElementLength()) +
              (fits ? " samples" : " elements of another type"));
  void* data = nullptr;  // Napi::ArrayBuffer has none of a SharedArrayBuffer
  napi_get_typedarray_info(value.Env(), value, nullptr, nullptr, &data, nullptr, nullptr);
  return {data, *element};
}

/// The system takes memory back from an ArrayBuffer that shrinks, which a thread would notice.
void requireFixedLength(Napi::Value array) {
  napi_value buffer = nullptr;
  napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, nullptr, &buffer, nullptr);
  require(!Napi::Object(array.Env(), buffer).Get("resizable").ToBoolean(), "ERR_INVALID_ARGUMENT",
          "data: expected an array of a fixed length, received one of a resizable ArrayBuffer");
}

Samples asyncSamplesArgument(Napi::Value value, const ImageBuffer& image) {
  const Samples samples = samplesArgument(value, image);
  requireFixedLength(value);
  return samples;
}

/// Moves samples in one of libuv's threads. Holds the image's pixels and the array until the promise is settled.
class TransferWorker final : public Napi::AsyncWorker {
 public:
  static Napi::Value upload(Napi::Env env, ImageBuffer& image, Napi::Value array) {
    const Samples from = asyncSamplesArgument(array, image);
    // The transfer may fail for want of memory, so what is recorded is run, not dropped.
    return start(env, array, [pixels = image.refill(), from] { uploadStaged(pixels, from.data, from.element); });
  }

  static Napi::Value download(Napi::Env env, const ImageBuffer& image, Napi::Value array) {
    const Samples into = asyncSamplesArgument(array, image);
    return start(env, array, [snapshot = image.snapshot(into.data, into.element)] { snapshot->wait(); });
  }

 private:
  static Napi::Value start(Napi::Env env, Napi::Value array, std::function<void()> transfer) {
    auto* worker = new TransferWorker(env, std::move(transfer));  // deletes itself
    worker->array_ = Napi::Persistent(array.As<Napi::Object>());
    worker->Queue();
    return worker->deferred_.Promise();
  }

  TransferWorker(Napi::Env env, std::function<void()> transfer)
      : Napi::AsyncWorker(env, "framelane-transfer"),
        transfer_(std::move(transfer)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  void Execute() override {
    try {
      transfer_();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  void OnOK() override {
    if (error_)
      deferred_.Reject(makeError(Env(), error_).Value());
    else
      deferred_.Resolve(array_.Value());
  }

  std::function<void()> transfer_;
  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference array_;
  std::exception_ptr error_;
};

}  // namespace

Napi::Function ImageWrap::define(Napi::Env env) {
  return DefineClass(env, "ImageHandle",
                     {InstanceAccessor<&ImageWrap::id>("id"), InstanceAccessor<&ImageWrap::width>("width"),
                      InstanceAccessor<&ImageWrap::height>("height"),
                      InstanceAccessor<&ImageWrap::capacity>("capacity"), InstanceAccessor<&ImageWrap::byteLength>("byteLength"),
                      InstanceMethod<&ImageWrap::resize>("resize"),
                      InstanceMethod<&ImageWrap::upload>("upload"), InstanceMethod<&ImageWrap::download>("download"),
                      InstanceMethod<&ImageWrap::uploadAsync>("uploadAsync"),
                      InstanceMethod<&ImageWrap::downloadAsync>("downloadAsync"),
                      InstanceMethod<&ImageWrap::copyRegion>("copyRegion"), InstanceMethod<&ImageWrap::memory>("memory")});
}

ImageWrap::ImageWrap(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  guard(env, [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<ImageWrap>::value);
    images_ = Environment::of(env).images;
    id_ = numberOr(info[0]);
    images_->at(id_);
  });
}

Napi::Value ImageWrap::id(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), id_); }

Napi::Value ImageWrap::width(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Number::New(info.Env(), buffer()->size().width); });
}

Napi::Value ImageWrap::height(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Number::New(info.Env(), buffer()->size().height); });
}

Napi::Value ImageWrap::capacity(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(buffer()->capacityPixels()));
  });
}

Napi::Value ImageWrap::byteLength(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(buffer()->bytes()));
  });
}

Napi::Value ImageWrap::resize(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    buffer()->resize({integerArgument(info[0], "width"), integerArgument(info[1], "height")});
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::upload(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto image = buffer();
    const Samples samples = samplesArgument(info[0], *image);
    uploadImage(*image, samples.data, samples.element);
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::download(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto image = buffer();
    const Samples samples = samplesArgument(info[0], *image);
    downloadImage(image->read(), samples.data, samples.element);
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::uploadAsync(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    return TransferWorker::upload(info.Env(), *buffer(), info[0]);
  });
}

Napi::Value ImageWrap::downloadAsync(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    return TransferWorker::download(info.Env(), *buffer(), info[0]);
  });
}

Napi::Value ImageWrap::copyRegion(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto source = unwrap<ImageWrap>(info[0], "an image").buffer();
    const Point from{integerArgument(info[1], "x"), integerArgument(info[2], "y")};
    const Point to{integerArgument(info[3], "x"), integerArgument(info[4], "y")};
    const Size size{integerArgument(info[5], "width"), integerArgument(info[6], "height")};
    framelane::copyRegion(*source, from, *buffer(), to, size);
    return info.Env().Undefined();
  });
}

/// The image's own memory, which it shares until both are gone; null where the host cannot reach it.
Napi::Value ImageWrap::memory(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto image = buffer();
    if (!image->device()->backend->unified()) return info.Env().Null();
    auto* held = new WriteAccess(image->expose(ImageBuffer::Exposure::write));
    const auto release = [](Napi::Env, void*, WriteAccess* hint) { delete hint; };
    return Napi::ArrayBuffer::New(info.Env(), held->data(), image->capacityBytes(), release, held);
  });
}

namespace {

Napi::Value outputSizeOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    const Size size = outputSize(readGraph(info[0]), {integerArgument(info[1], "width"), integerArgument(info[2], "height")});
    auto result = Napi::Object::New(env);
    result["width"] = Napi::Number::New(env, size.width);
    result["height"] = Napi::Number::New(env, size.height);
    return result;
  });
}

Napi::Value apply(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto source = unwrap<ImageWrap>(info[1], "an image").buffer();
    const auto destination = unwrap<ImageWrap>(info[2], "an image for dst").buffer();
    const auto temp = info[3].IsObject() ? unwrap<ImageWrap>(info[3], "an image for temp").buffer() : nullptr;
    const Graph graph = readGraph(info[0]);
    Environment::of(info.Env()).recorder->apply(graph, source, destination, temp.get());
    return info.Env().Undefined();
  });
}

/// (stage, image): what the operation finds out about it.
Napi::Value measure(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto image = unwrap<ImageWrap>(info[1], "an image").buffer();
    auto stages = Napi::Array::New(info.Env());
    stages[0u] = info[0];
    const auto op = readGraph(stages).ops.front();
    return writeResult(info.Env(), *op, measureImage(op, image->read()).data());
  });
}

/// (owner, device, shape): the number of a frame that goes with its owner.
Napi::Value makeFrame(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    ImageTable& images = *Environment::of(info.Env()).images;
    auto frame = std::make_shared<ImageBuffer>(openDevice(info[1].ToString()), readShape(info[2]));
    auto held = std::make_unique<HeldImage>(info.Env(), info[0], images, std::move(frame));
    return Napi::Number::New(info.Env(), images.add(std::move(held)));
  });
}

/// Host memory of a device's pool (pinned on CUDA), which goes back when the array is collected.
Napi::Value hostMemory(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto bytes = static_cast<size_t>(numberArgument(info[1], "bytes"));
    auto block = std::make_unique<Block>(openDevice(info[0].ToString())->memory->take(MemoryKind::host, bytes));
    const auto release = [](Napi::Env, void*, Block* hint) { delete hint; };
    const auto memory = Napi::ArrayBuffer::New(info.Env(), block->data(), bytes, release, block.get());
    block.release();
    return memory;
  });
}

}  // namespace

void exportImage(Napi::Env env, Napi::Object exports) {
  Napi::Function imageClass = ImageWrap::define(env);
  exports["ImageHandle"] = imageClass;
  exports["makeFrame"] = Napi::Function::New(env, makeFrame);
  exports["outputSize"] = Napi::Function::New(env, outputSizeOf);
  exports["hostMemory"] = Napi::Function::New(env, hostMemory);
  exports["apply"] = Napi::Function::New(env, apply);
  exports["measure"] = Napi::Function::New(env, measure);
}

}  // namespace framelane::binding
