#include "binding/shape.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/format_name.hpp"
#include "core/image.hpp"

namespace framelane::binding {

namespace {

template <class Enum>
Enum fromName(const char* what, Napi::Value value, const Names<Enum>& names) {
  const std::string received = value.IsString() ? value.As<Napi::String>().Utf8Value() : "no string";
  std::string expected;
  for (const auto& [name, result] : names) {
    if (received == name) return result;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  fail("ERR_INVALID_ARGUMENT", std::string(what) + ": expected one of " + expected + ", received " + received);
}

}  // namespace

PixelFormat readFormat(Napi::Value value) {
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : "no string";
  const auto format = formatOfName(name);
  require(format.has_value(), "ERR_INVALID_ARGUMENT",
          "format: expected rgba8, rgba16, rgbaf32, gray, yuv or yuva of 8, 10, 12 or 16 bits (gray8, yuv420p10 ...), "
          "received " +
              name);
  return *format;
}

Color readColor(Napi::Value matrix, Napi::Value range, Napi::Value chromaLocation) {
  return {fromName("matrix", matrix, kMatrices), fromName("range", range, kRanges),
          chromaLocation.IsUndefined() ? ChromaLocation::left
                                       : fromName("chromaLocation", chromaLocation, kChromaLocations)};
}

FrameShape readShape(Napi::Value value) {
  require(value.IsObject(), "ERR_INVALID_ARGUMENT", "shape: expected an object");
  const auto object = value.As<Napi::Object>();
  const auto side = [&](const char* name) {
    const Napi::Value value = object.Get(name);
    const double side = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
    return side >= 0 && side <= 1 << 20 && side == std::floor(side) ? static_cast<int>(side) : 0;
  };
  const FrameShape shape{readFormat(object.Get("format")), side("width"), side("height"),
                         readColor(object.Get("matrix"), object.Get("range"), object.Get("chromaLocation"))};
  checkImageSize(shape.size());
  return shape;
}

Napi::Object writeShape(Napi::Env env, const FrameShape& shape) {
  auto object = Napi::Object::New(env);
  object["format"] = Napi::String::New(env, formatName(shape.format));
  object["width"] = Napi::Number::New(env, shape.width);
  object["height"] = Napi::Number::New(env, shape.height);
  object["matrix"] = Napi::String::New(env, nameIn(kMatrices, shape.color.matrix));
  object["range"] = Napi::String::New(env, nameIn(kRanges, shape.color.range));
  object["chromaLocation"] = Napi::String::New(env, nameIn(kChromaLocations, shape.color.chromaLocation));
  return object;
}

}  // namespace framelane::binding
