#include "binding/result_writer.hpp"

#include <algorithm>

#include "core/result.hpp"

namespace framelane::binding {

namespace {

class JsResultWriter final : public ResultWriter {
 public:
  explicit JsResultWriter(Napi::Object target) : target_(target) {}
  void text(const char* name, const std::string& value) override {
    target_[name] = Napi::String::New(target_.Env(), value);
  }
  void counts(const char* name, std::span<const uint32_t> values) override {
    auto array = Napi::Uint32Array::New(target_.Env(), values.size());
    std::ranges::copy(values, array.Data());
    target_[name] = array;
  }
  void numbers(const char* name, std::initializer_list<std::pair<const char*, double>> values) override {
    auto object = Napi::Object::New(target_.Env());
    for (const auto& [field, value] : values) object[field] = Napi::Number::New(target_.Env(), value);
    target_[name] = object;
  }

 private:
  Napi::Object target_;
};

}  // namespace

Napi::Object writeResult(Napi::Env env, const Op& op, const void* result) {
  auto object = Napi::Object::New(env);
  object["op"] = Napi::String::New(env, op.name());
  JsResultWriter writer(object);
  op.writeResult(result, writer);
  return object;
}

Napi::Array writeResults(Napi::Env env, const BoundPlan& plan, const void* results) {
  auto list = Napi::Array::New(env);
  plan.readResults(results,
                   [&](const Op& op, const void* result) { list[list.Length()] = writeResult(env, op, result); });
  return list;
}

}  // namespace framelane::binding
