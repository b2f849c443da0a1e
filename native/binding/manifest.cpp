#include "binding/manifest.hpp"

#include <set>
#include <vector>

#include "binding/environment.hpp"
#include "ops/registry.hpp"

namespace framelane::binding {

namespace {

/// Answers every question with something harmless and notes it.
class Recorder : public Reader {
 public:
  explicit Recorder(Napi::Env env) : env_(env) {}
  double number(const char* name) override { return note(name, "number"), 1; }
  int integer(const char* name) override { return note(name, "integer"), 1; }
  bool boolean(const char* name) override { return note(name, "boolean"), false; }
  Rgba color(const char* name) override { return note(name, "color"), Rgba{}; }
  std::shared_ptr<const ImageBuffer> image(const char* name) override { return note(name, "image"), nullptr; }
  Lut lut(const char* name) override { return note(name, "lut"), Lut{}; }
  std::string text(const char* name) override { return note(name, "text"), std::string(); }
  std::shared_ptr<const custom::Code> code(const char* name, int) override { return note(name, "code"), nullptr; }
  std::vector<float> floats(const char* name) override { return note(name, "floats"), std::vector<float>(); }
  int oneOf(const char* name, std::initializer_list<const char*> values) override {
    Napi::Object parameter = note(name, "enum");
    auto list = Napi::Array::New(env_);
    for (const char* value : values) list[list.Length()] = Napi::String::New(env_, value);
    parameter["values"] = list;
    return 0;
  }
  bool has(const char* name) override {
    optional_.insert(name);
    return true;
  }
  Napi::Array parameters() const {
    auto list = Napi::Array::New(env_);
    for (const Napi::Object& parameter : noted_) list[list.Length()] = parameter;
    return list;
  }

 private:
  Napi::Object note(const char* name, const char* kind) {
    auto parameter = Napi::Object::New(env_);
    parameter["name"] = Napi::String::New(env_, name);
    parameter["kind"] = Napi::String::New(env_, kind);
    parameter["optional"] = Napi::Boolean::New(env_, optional_.contains(name));
    noted_.push_back(parameter);
    return parameter;
  }

  Napi::Env env_;
  std::set<std::string> optional_;
  std::vector<Napi::Object> noted_;
};

}  // namespace

Napi::Value manifest(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto list = Napi::Array::New(env);
  for (const OpEntry& entry : registry()) {
    if (entry.coded) continue;  // JavaScript declares an operation for each code
    Recorder recorder(env);
    entry.make(entry.name, recorder);
    auto op = Napi::Object::New(env);
    op["name"] = Napi::String::New(env, entry.name);
    op["parameters"] = recorder.parameters();
    list[list.Length()] = op;
  }
  return list;
}

}  // namespace framelane::binding
