#include "binding/shape.hpp"

#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/image.hpp"

namespace framelane::binding {

namespace {

template <class Enum>
using Names = std::initializer_list<std::pair<const char*, Enum>>;

const Names<PixelFormat> kFormats = {{"rgba8", PixelFormat::rgba8},     {"rgbaf32", PixelFormat::rgbaf32},
                                     {"gray8", PixelFormat::gray8},     {"yuv420p", PixelFormat::yuv420p},
                                     {"yuv422p", PixelFormat::yuv422p}, {"yuv444p", PixelFormat::yuv444p}};
const Names<Matrix> kMatrices = {{"bt601", Matrix::bt601}, {"bt709", Matrix::bt709}, {"bt2020", Matrix::bt2020}};
const Names<Range> kRanges = {{"limited", Range::limited}, {"full", Range::full}};

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

template <class Enum>
const char* toName(Enum value, const Names<Enum>& names) {
  for (const auto& [name, candidate] : names)
    if (candidate == value) return name;
  return "";
}

}  // namespace

PixelFormat readFormat(Napi::Value value) { return fromName("format", value, kFormats); }

Color readColor(Napi::Value matrix, Napi::Value range) {
  return {fromName("matrix", matrix, kMatrices), fromName("range", range, kRanges)};
}

FrameShape readShape(Napi::Value value) {
  require(value.IsObject(), "ERR_INVALID_ARGUMENT", "shape: expected an object");
  const auto object = value.As<Napi::Object>();
  const auto side = [&](const char* name) {
    const Napi::Value side = object.Get(name);
    return side.IsNumber() ? side.As<Napi::Number>().Int32Value() : 0;
  };
  const FrameShape shape{readFormat(object.Get("format")), side("width"), side("height"),
                         readColor(object.Get("matrix"), object.Get("range"))};
  checkImageSize(shape.size());
  return shape;
}

Napi::Object writeShape(Napi::Env env, const FrameShape& shape) {
  auto object = Napi::Object::New(env);
  object["format"] = Napi::String::New(env, toName(shape.format, kFormats));
  object["width"] = Napi::Number::New(env, shape.width);
  object["height"] = Napi::Number::New(env, shape.height);
  object["matrix"] = Napi::String::New(env, toName(shape.color.matrix, kMatrices));
  object["range"] = Napi::String::New(env, toName(shape.color.range, kRanges));
  return object;
}

}  // namespace framelane::binding
