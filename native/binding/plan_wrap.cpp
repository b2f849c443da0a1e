#include "binding/plan_wrap.hpp"

#include "binding/exports.hpp"
#include "binding/graph_reader.hpp"
#include "binding/number_argument.hpp"
#include "binding/plan_runner_wrap.hpp"
#include "binding/result_writer.hpp"
#include "binding/shape.hpp"
#include "core/benchmark.hpp"
#include "core/image.hpp"
#include "core/plan_run.hpp"

namespace framelane::binding {

Napi::Function PlanWrap::define(Napi::Env env) {
  return DefineClass(env, "PlanHandle",
                     {InstanceAccessor<&PlanWrap::output>("output"), InstanceAccessor<&PlanWrap::passthrough>("passthrough"),
                      InstanceAccessor<&PlanWrap::opaque>("opaque"),
                      InstanceAccessor<&PlanWrap::workspaceBytes>("workspaceBytes"),
                      InstanceMethod<&PlanWrap::describe>("describe"), InstanceMethod<&PlanWrap::run>("run"),
                      InstanceMethod<&PlanWrap::benchmark>("benchmark"), InstanceMethod<&PlanWrap::free>("free")});
}

PlanWrap::PlanWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<PlanWrap>::value);
    require(info[0].IsObject(), "ERR_INVALID_ARGUMENT", "plan: expected a request object");
    const auto request = info[0].As<Napi::Object>();
    device_ = openDevice(request.Get("device").ToString());
    const Graph graph = readGraph(request.Get("stages"));
    plan_ = std::make_shared<const BoundPlan>(PlanRequest{device_, readShape(request.Get("input")), readFormat(request.Get("outputFormat")),
                           readColor(request.Get("outputMatrix"), request.Get("outputRange"), request.Get("outputChromaLocation")),
                           graph, request.Get("planar").ToBoolean(),
                           request.Get("opaque").ToBoolean()});
    // Whoever runs the plan reads its images without asking.
    for (const auto& op : graph.ops)
      if (const auto operand = op->operandImage()) operand->expose(ImageBuffer::Exposure::read);
  });
}

void PlanWrap::release() noexcept {
  plan_.reset();
  device_.reset();
}

const std::shared_ptr<const BoundPlan>& PlanWrap::plan() const {
  require(plan_ != nullptr, "ERR_DISPOSED", "the plan has been freed");
  return plan_;
}

/// What runs it holds it until it is done.
Napi::Value PlanWrap::free(const Napi::CallbackInfo& info) {
  plan_.reset();
  return info.Env().Undefined();
}

Napi::Value PlanWrap::describe(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    auto lines = Napi::Array::New(info.Env());
    for (const std::string& line : plan()->describe()) lines[lines.Length()] = Napi::String::New(info.Env(), line);
    return lines;
  });
}

Napi::Value PlanWrap::output(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return writeShape(info.Env(), plan()->output()); });
}

Napi::Value PlanWrap::passthrough(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Boolean::New(info.Env(), plan()->passthrough()); });
}

Napi::Value PlanWrap::opaque(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value { return Napi::Boolean::New(info.Env(), plan()->opaque()); });
}

Napi::Value PlanWrap::workspaceBytes(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(plan()->workspaceBytes()));
  });
}

/// One frame from bytes to bytes, both tightly packed; for stills, tests and benches. { results }
Napi::Value PlanWrap::run(const Napi::CallbackInfo& info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const auto bytes = [&](int i, const char* name, const FrameShape& shape) {
      require(info[i].IsTypedArray() && info[i].As<Napi::TypedArray>().ByteLength() == frameBytes(shape),
              "ERR_INVALID_ARGUMENT", std::string(name) + ": expected " + std::to_string(frameBytes(shape)) + " bytes");
      const auto array = info[i].As<Napi::TypedArray>();
      return static_cast<std::byte*>(array.ArrayBuffer().Data()) + array.ByteOffset();
    };
    const std::byte* input = bytes(0, "input", plan()->input());
    std::byte* output = bytes(1, "output", plan_->output());
    const size_t inputBytes = frameBytes(plan_->input()), outputBytes = frameBytes(plan_->output());
    const Block from = device_->memory->take(MemoryKind::device, inputBytes);
    const Block to = device_->memory->take(MemoryKind::device, outputBytes);
    const PlanRun run(*device_, plan_);
    const std::scoped_lock lock(device_->immediateMutex);
    Queue& queue = *device_->immediate;
    queue.upload(from.data(), input, inputBytes);
    run.run(queue, from.data(), to.data());
    queue.download(output, to.data(), outputBytes);
    std::vector<std::byte> results(plan()->resultBytes());
    if (!results.empty()) queue.download(results.data(), run.results(), results.size());
    queue.wait();
    auto outcome = Napi::Object::New(info.Env());
    outcome["results"] = writeResults(info.Env(), *plan(), results.data());
    return outcome;
  });
}

Napi::Value PlanWrap::benchmark(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    constexpr double kMost = 1e6;
    require(isInteger(numberOr(info[0]), 1, kMost) && isInteger(numberOr(info[1]), 1, kMost), "ERR_INVALID_ARGUMENT",
            "benchmark: expected counts from 1 to 1000000");
    const int iterations = info[0].As<Napi::Number>().Int32Value(), sets = info[1].As<Napi::Number>().Int32Value();
    auto result = Napi::Object::New(env);
    result["plan"] = Napi::Number::New(env, benchmarkPlan(*device_, plan(), iterations, sets));
    result["copy"] = Napi::Number::New(env, benchmarkCopy(*device_, frameBytes(plan_->input()), iterations, sets));
    return result;
  });
}

void exportPlan(Napi::Env env, Napi::Object exports) {
  exports["PlanHandle"] = PlanWrap::define(env);
  exports["PlanRunnerHandle"] = PlanRunnerWrap::define(env);
}

}  // namespace framelane::binding
