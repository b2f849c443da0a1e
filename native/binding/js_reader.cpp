#include "binding/js_reader.hpp"

#include "binding/environment.hpp"
#include "binding/image_wrap.hpp"
#include "binding/number_argument.hpp"
#include "binding/reader_checks.hpp"
#include "registry.hpp"

namespace framelane::binding {

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
  return unwrap<ImageWrap>(options_.Get(name), "an image").buffer();
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

bool JsReader::has(const char* name) { return !options_.Get(name).IsUndefined(); }

std::vector<std::shared_ptr<const Op>> readStages(Napi::Value stages) {
  require(stages.IsArray(), "ERR_INVALID_ARGUMENT", "stages: expected an array");
  const auto array = stages.As<Napi::Array>();
  std::vector<std::shared_ptr<const Op>> ops;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::Value value = array[i];
    require(value.IsObject() && value.As<Napi::Object>().Get("op").IsString(), "ERR_INVALID_ARGUMENT",
            "stages[" + std::to_string(i) + "]: expected an object with an op");
    const auto stage = value.As<Napi::Object>();
    const OpEntry& entry = findOp(stage.Get("op").As<Napi::String>());
    JsReader reader(stage);
    try {
      ops.push_back(entry.make(entry.name, reader));
    } catch (const Error& error) {
      throw Error(error.code(), "stages[" + std::to_string(i) + "]." + error.what());
    }
  }
  return ops;
}

}  // namespace framelane::binding
