#include "binding/js_reader.hpp"

#include "binding/environment.hpp"
#include "binding/image_wrap.hpp"
#include "binding/number_argument.hpp"
#include "binding/reader_checks.hpp"

namespace framelane::binding {

bool isFrame(Napi::Value value) {
  if (value.IsArray()) return true;
  return value.IsObject() && (value.As<Napi::Object>().Has("input") || value.As<Napi::Object>().Has("previous"));
}

double JsReader::number(const char* name) { return finiteOption(name, numberOr(options_.Get(name))); }

int JsReader::integer(const char* name) { return integerOption(name, numberOr(options_.Get(name))); }

bool JsReader::boolean(const char* name) {
  const Napi::Value value = options_.Get(name);
  if (!value.IsBoolean()) refuseOption(name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

Rgba JsReader::color(const char* name) {
  const Napi::Value value = options_.Get(name);
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 4) refuseOption(name, "a colour [r, g, b, a]");
  const auto array = value.As<Napi::Array>();
  float channels[4];
  for (uint32_t i = 0; i < 4; i++) {
    const Napi::Value channel = array[i];
    if (!channel.IsNumber()) refuseOption(name, "a colour [r, g, b, a]");
    channels[i] = channel.As<Napi::Number>().FloatValue();
  }
  return {channels[0], channels[1], channels[2], channels[3]};
}

int JsReader::oneOf(const char* name, std::initializer_list<const char*> values) {
  const Napi::Value value = options_.Get(name);
  const std::string received = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  int index = 0;
  for (const char* candidate : values) {
    if (received == candidate) return index;
    index++;
  }
  refuseOneOf(name, values);
}

std::shared_ptr<const ImageBuffer> JsReader::image(const char* name) {
  const Napi::Value value = options_.Get(name);
  return isFrame(value) ? nullptr : unwrap<ImageWrap>(value, "an image").buffer();
}

std::array<double, 3> JsReader::triple(const char* name) {
  const Napi::Value value = options_.Get(name);
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 3) refuseOption(name, "three numbers");
  std::array<double, 3> numbers;
  for (uint32_t i = 0; i < 3; i++) {
    const Napi::Value number = value.As<Napi::Array>()[i];
    if (!number.IsNumber()) refuseOption(name, "three numbers");
    numbers[i] = number.As<Napi::Number>().DoubleValue();
  }
  return numbers;
}

Lut JsReader::lut(const char* name) {
  if (!options_.Get(name).IsObject()) refuseOption(name, "a LUT");
  JsReader fields(options_.Get(name).As<Napi::Object>());
  Lut lut{fields.image("table"), fields.integer("dimensions"), fields.integer("size"), fields.triple("domainMin"),
          fields.triple("domainMax")};
  return checkedLut(name, std::move(lut));
}

std::string JsReader::text(const char* name) {
  const Napi::Value value = options_.Get(name);
  if (!value.IsString()) refuseOption(name, "a text");
  return value.As<Napi::String>();
}

std::shared_ptr<const custom::Code> JsReader::code(const char* name, int reach) {
  return Environment::of(options_.Env()).codes->at(numberOr(options_.Get(name)), reach);
}

std::vector<float> JsReader::floats(const char* name) {
  const Napi::Value value = options_.Get(name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array)
    refuseOption(name, "a Float32Array");
  const auto array = value.As<Napi::Float32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

bool JsReader::has(const char* name) { return !options_.Get(name).IsUndefined(); }

}  // namespace framelane::binding
