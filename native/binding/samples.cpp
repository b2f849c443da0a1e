#include "binding/samples.hpp"

#include <optional>
#include <string>

#include "core/conversion.hpp"
#include "core/error.hpp"
#include "core/format_name.hpp"

namespace framelane::binding {

namespace {

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

/// The system takes memory back from an ArrayBuffer that shrinks, which a thread would notice.
void requireFixedLength(Napi::Value array) {
  napi_value buffer = nullptr;
  napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, nullptr, &buffer, nullptr);
  require(!Napi::Object(array.Env(), buffer).Get("resizable").ToBoolean(), "ERR_INVALID_ARGUMENT",
          "data: expected an array of a fixed length, received one of a resizable ArrayBuffer");
}

}  // namespace

Samples samplesArgument(Napi::Value value, const ImageBuffer& image) {
  const PixelFormat format = image.format();
  const bool converts = isImageFormat(format);
  const size_t count = image.bytes() / elementBytes(format.element);
  const std::string expected =
      "expected a " + (converts ? "Float32Array or Uint8Array" : std::string(arrayName(format.element))) + " of " +
      std::to_string(count) + " samples (" + std::to_string(image.size().width) + "x" +
      std::to_string(image.size().height) + " " + (converts ? std::string("RGBA") : formatName(format)) + "), ";
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

Samples asyncSamplesArgument(Napi::Value value, const ImageBuffer& image) {
  const Samples samples = samplesArgument(value, image);
  requireFixedLength(value);
  return samples;
}

}  // namespace framelane::binding
