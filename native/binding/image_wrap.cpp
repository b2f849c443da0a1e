#include "binding/image_wrap.hpp"

#include <optional>

#include "binding/exports.hpp"
#include "binding/js_reader.hpp"
#include "binding/shape.hpp"
#include "core/format_name.hpp"
#include "core/immediate.hpp"

namespace framelane::binding {

namespace {

int integerArgument(Napi::Value value, const char* name) {
  require(value.IsNumber(), "ERR_INVALID_SIZE", std::string(name) + ": expected an integer");
  const double number = value.As<Napi::Number>().DoubleValue();
  require(number == static_cast<int>(number), "ERR_INVALID_SIZE", std::string(name) + ": expected an integer");
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
  const bool converts = format == PixelFormat::rgba8 || format == PixelFormat::rgbaf32;
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
  return {static_cast<std::byte*>(array.ArrayBuffer().Data()) + array.ByteOffset(), *element};
}

/// (element, width, height) is an image, (shape) a frame.
FrameShape shapeArgument(const Napi::CallbackInfo& info) {
  if (info[1].IsObject()) return readShape(info[1]);
  const std::string element = info[1].ToString();
  return {element == "u8" ? PixelFormat::rgba8 : PixelFormat::rgbaf32, integerArgument(info[2], "width"),
          integerArgument(info[3], "height")};
}

}  // namespace

Napi::Function ImageWrap::define(Napi::Env env) {
  return DefineClass(env, "ImageHandle",
                     {InstanceAccessor<&ImageWrap::width>("width"), InstanceAccessor<&ImageWrap::height>("height"),
                      InstanceAccessor<&ImageWrap::capacity>("capacity"), InstanceAccessor<&ImageWrap::byteLength>("byteLength"),
                      InstanceMethod<&ImageWrap::resize>("resize"),
                      InstanceMethod<&ImageWrap::upload>("upload"), InstanceMethod<&ImageWrap::download>("download"),
                      InstanceMethod<&ImageWrap::copyFrom>("copyFrom"), InstanceMethod<&ImageWrap::free>("free")});
}

ImageWrap::ImageWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ImageWrap>(info) {
  const Napi::Env env = info.Env();
  guard(env, [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<ImageWrap>::value);
    const auto device = openDevice(info[0].ToString());
    buffer_ = std::make_shared<ImageBuffer>(device, shapeArgument(info));
  });
  account(env, static_cast<int64_t>(buffer_->capacityBytes()));
}

ImageWrap::~ImageWrap() {
  if (buffer_) account(Env(), -static_cast<int64_t>(buffer_->capacityBytes()));
}

/// V8 sees only the wrapper; told about the pixels, it collects dropped images under memory pressure.
/// The plain call, because the wrapper that throws must not do so in a destructor while a worker is being terminated.
void ImageWrap::account(Napi::Env env, int64_t change) {
  int64_t total = 0;
  napi_adjust_external_memory(env, change, &total);
}

std::shared_ptr<ImageBuffer> ImageWrap::buffer() const {
  require(buffer_ != nullptr, "ERR_DISPOSED", "the image has been freed");
  return buffer_;
}

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
    const Samples samples = samplesArgument(info[0], *buffer());
    uploadImage(*buffer_, samples.data, samples.element);
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::download(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const Samples samples = samplesArgument(info[0], *buffer());
    downloadImage(*buffer_, samples.data, samples.element);
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::copyFrom(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto source = unwrap<ImageWrap>(info[0], "an image").buffer();
    copyImage(*source, *buffer());
    return info.Env().Undefined();
  });
}

Napi::Value ImageWrap::free(const Napi::CallbackInfo& info) {
  if (buffer_) {
    account(info.Env(), -static_cast<int64_t>(buffer_->capacityBytes()));
    buffer_.reset();
  }
  return info.Env().Undefined();
}

namespace {

Napi::Value outputSizeOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    const Size size = outputSize(readStages(info[0]), {integerArgument(info[1], "width"), integerArgument(info[2], "height")});
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
    applyOps(readStages(info[0]), *source, *destination, temp.get());
    return info.Env().Undefined();
  });
}

}  // namespace

void exportImage(Napi::Env env, Napi::Object exports) {
  Napi::Function imageClass = ImageWrap::define(env);
  exports["ImageHandle"] = imageClass;
  exports["outputSize"] = Napi::Function::New(env, outputSizeOf);
  exports["apply"] = Napi::Function::New(env, apply);
}

}  // namespace framelane::binding
