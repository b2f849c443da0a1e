// Definitions of the program's own operations: their code crosses once, and is a number from then on.
#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/js_reader.hpp"
#include "binding/reader_checks.hpp"
#include "core/stencil.hpp"

namespace framelane::binding {

namespace {

constexpr size_t kMostOfName = 64;  // each name is kept as long as the process

std::string readName(Napi::Object given) {
  const Napi::Value value = given.Get("name");
  if (!value.IsString()) refuseOption("name", "a text");
  std::string name = value.As<Napi::String>();
  if (name.empty() || name.size() > kMostOfName)
    fail("ERR_INVALID_ARGUMENT",
         "name: expected 1 to " + std::to_string(kMostOfName) + " bytes, received " + std::to_string(name.size()));
  return name;
}

std::vector<uint32_t> readWords(Napi::Object given) {
  const Napi::Value value = given.Get("words");
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
    refuseOption("words", "a Uint32Array");
  const auto array = value.As<Napi::Uint32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

/// None for an operation on single pixels.
int readReach(JsReader& reader) {
  if (!reader.has("radius")) return custom::Source::kNoWindow;
  const int radius = reader.integer("radius");
  if (radius < 0 || radius > kMaxReach)
    fail("ERR_INVALID_ARGUMENT",
         "radius: expected 0 to " + std::to_string(kMaxReach) + ", received " + std::to_string(radius));
  return radius;
}

/// ({ name, words, constants, instructions, positional, opaque, radius? }): its number.
Napi::Value defineCode(const Napi::CallbackInfo& info) {
  require(info[0].IsObject(), "ERR_INVALID_ARGUMENT", "code: expected an object");
  const auto given = info[0].As<Napi::Object>();
  JsReader reader(given);
  custom::Source source;
  source.name = readName(given);
  source.words = readWords(given);
  source.constants = reader.integer("constants");
  source.instructions = reader.integer("instructions");
  source.reach = readReach(reader);
  source.positional = reader.boolean("positional");
  source.opaqueness = readEnum<Opaqueness>(reader, "opaque", {"keeps", "makes", "breaks"});
  return Napi::Number::New(info.Env(), Environment::of(info.Env()).codes->add(custom::checked(source), source.reach));
}

}  // namespace

void exportCode(Napi::Env env, Napi::Object exports) { exportFunction<defineCode>(env, exports, "defineCode"); }

}  // namespace framelane::binding
