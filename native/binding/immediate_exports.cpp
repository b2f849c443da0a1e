// When the immediate API runs what it has recorded. Internal: tests choose it, and FRAMELANE_EAGER.
#include <cstdlib>
#include <string_view>

#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/number_argument.hpp"
#include "core/recorder.hpp"

namespace framelane::binding {

namespace {

using Mode = RecordPolicy::Mode;

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && std::string_view(value) == "1";
}

Mode readMode(Napi::Value value) {
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : "no string";
  if (name == "deferred") return Mode::deferred;
  if (name == "eager") return Mode::eager;
  if (name == "random") return Mode::random;
  fail("ERR_INVALID_ARGUMENT", "mode: expected deferred, eager or random, received " + name);
}

/// Missing fields get the values of a new environment.
Napi::Value immediatePolicy(const Napi::CallbackInfo& info) {
  require(info[0].IsObject(), "ERR_INVALID_ARGUMENT", "policy: expected an object");
  const auto given = info[0].As<Napi::Object>();
  const auto number = [&](const char* name, uint64_t otherwise) {
    return given.Get(name).IsUndefined() ? otherwise : static_cast<uint64_t>(numberArgument(given.Get(name), name));
  };
  RecordPolicy policy;
  policy.mode = readMode(given.Get("mode"));
  policy.seed = number("seed", policy.seed);
  policy.failLaunch = number("failLaunch", 0);
  policy.faultLaunch = number("faultLaunch", 0);
  if (!given.Get("fold").IsUndefined()) policy.fold = given.Get("fold").ToBoolean();
  Environment::of(info.Env()).recorder->setPolicy(policy);
  return info.Env().Undefined();
}

Napi::Value immediateStats(const Napi::CallbackInfo& info) {
  const RecordStats& stats = Environment::of(info.Env()).recorder->stats();
  auto result = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, uint64_t count) {
    result[name] = Napi::Number::New(info.Env(), static_cast<double>(count));
  };
  set("recorded", stats.recorded);
  set("launched", stats.launched);
  set("passes", stats.passes);
  set("killed", stats.killed);
  return result;
}

std::string stackOf(Napi::Env env) {
  const Napi::HandleScope scope(env);
  const auto error = env.Global().Get("Error").As<Napi::Function>().New({});
  return error.Get("stack").ToString();
}

}  // namespace

void exportImmediate(Napi::Env env, Napi::Object exports) {
  Recorder& recorder = *Environment::of(env).recorder;
  if (isSet("FRAMELANE_EAGER")) recorder.setPolicy({.mode = Mode::eager});
  if (isSet("FRAMELANE_TRACE")) recorder.trace([env] { return stackOf(env); });
  exportFunction<immediatePolicy>(env, exports, "immediatePolicy");
  exportFunction<immediateStats>(env, exports, "immediateStats");
}

}  // namespace framelane::binding
