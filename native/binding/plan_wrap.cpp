#include "binding/plan_wrap.hpp"

#include <algorithm>
#include <string>

#include "binding/exports.hpp"
#include "binding/graph_reader.hpp"
#include "binding/number_argument.hpp"
#include "binding/plan_runner_wrap.hpp"
#include "binding/result_writer.hpp"
#include "binding/shape.hpp"
#include "core/benchmark.hpp"
#include "core/format_name.hpp"
#include "core/image.hpp"
#include "core/plan_run.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

Napi::Function PlanWrap::define(Napi::Env env) {
  return DefineClass(env, "PlanHandle",
                     {accessor<&PlanWrap::output>("output"), accessor<&PlanWrap::passthrough>("passthrough"),
                      accessor<&PlanWrap::opaque>("opaque"), accessor<&PlanWrap::workspaceBytes>("workspaceBytes"),
                      method<&PlanWrap::describe>("describe"), method<&PlanWrap::run>("run"),
                      method<&PlanWrap::benchmark>("benchmark"), method<&PlanWrap::free>("free")});
}

namespace {

/// { name: shape, … }
std::vector<NamedInput> readInputs(Napi::Value value) {
  std::vector<NamedInput> inputs;
  if (!value.IsObject()) return inputs;
  const auto object = value.As<Napi::Object>();
  const auto names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const Napi::Value name = names[i];
    inputs.push_back({name.ToString(), readShape(object.Get(name))});
  }
  return inputs;
}

std::vector<std::string> namesOf(const std::vector<NamedInput>& inputs) {
  std::vector<std::string> names;
  for (const NamedInput& input : inputs) names.push_back(input.name);
  return names;
}

std::byte* frameArgument(Napi::Value value, const std::string& name, const FrameShape& shape) {
  require(value.IsTypedArray() && value.As<Napi::TypedArray>().ByteLength() == frameBytes(shape),
          "ERR_INVALID_ARGUMENT",
          name + ": expected " + std::to_string(frameBytes(shape)) + " bytes, a frame of " + fullShapeName(shape));
  const auto array = value.As<Napi::TypedArray>();
  return static_cast<std::byte*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

/// The frames that a plan refers to: { inputs: { name: bytes }, previous: [bytes] }, the one just before its input first.
const std::byte* referenceArgument(const FrameReference& reference, const Napi::Object& options, const std::byte* input,
                                   const FrameShape& inputShape, const std::vector<NamedInput>& inputs) {
  if (!reference.input.empty()) {
    const Napi::Value given = options.Get("inputs");
    const auto shape = std::ranges::find(inputs, reference.input, &NamedInput::name)->shape;
    const Napi::Value frame =
        given.IsObject() ? given.As<Napi::Object>().Get(reference.input) : options.Env().Undefined();
    return frameArgument(frame, "inputs." + reference.input, shape);
  }
  const Napi::Value given = options.Get("previous");
  const uint32_t length = given.IsArray() ? given.As<Napi::Array>().Length() : 0;
  if (length == 0) return input;  // the oldest frame
  const uint32_t index = std::min(static_cast<uint32_t>(reference.previous), length) - 1;
  return frameArgument(given.As<Napi::Array>().Get(index), "previous[" + std::to_string(index) + "]", inputShape);
}

}  // namespace

PlanWrap::PlanWrap(const Napi::CallbackInfo& info) : OwnerWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<PlanWrap>::value);
    require(info[0].IsObject(), "ERR_INVALID_ARGUMENT", "plan: expected a request object");
    const auto request = info[0].As<Napi::Object>();
    device_ = openDevice(request.Get("device").ToString());
    auto inputs = readInputs(request.Get("inputs"));
    const Graph graph = readGraph(request.Get("stages"), namesOf(inputs));
    plan_ = std::make_shared<const BoundPlan>(PlanRequest{
        device_, readShape(request.Get("input")), readFormat(request.Get("outputFormat")),
        readColor(request.Get("outputMatrix"), request.Get("outputRange"), request.Get("outputChromaLocation")), graph,
        request.Get("planar").ToBoolean(), request.Get("opaque").ToBoolean(), true, std::nullopt, inputs});
    inputs_ = std::move(inputs);
    // The plan's runs read its images without an access, so their writers must not be deferred.
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

/// A run under way keeps the plan until it is done.
Napi::Value PlanWrap::free(const Napi::CallbackInfo& info) {
  plan_.reset();
  return info.Env().Undefined();
}

Napi::Value PlanWrap::describe(const Napi::CallbackInfo& info) {
  auto lines = Napi::Array::New(info.Env());
  for (const std::string& line : plan()->describe()) lines[lines.Length()] = Napi::String::New(info.Env(), line);
  return lines;
}

Napi::Value PlanWrap::output(const Napi::CallbackInfo& info) { return writeShape(info.Env(), plan()->output()); }

Napi::Value PlanWrap::passthrough(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), plan()->passthrough());
}

Napi::Value PlanWrap::opaque(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), plan()->opaque());
}

Napi::Value PlanWrap::workspaceBytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(plan()->workspaceBytes()));
}

/// One frame from bytes to bytes, all tightly packed; for stills, tests and benches. { results }
Napi::Value PlanWrap::run(const Napi::CallbackInfo& info) {
  const BoundPlan& bound = *plan();
  const std::byte* input = frameArgument(info[0], "input", bound.input());
  std::byte* output = frameArgument(info[1], "output", bound.output());
  const auto options = info[2].IsObject() ? info[2].As<Napi::Object>() : Napi::Object::New(info.Env());
  std::vector<const std::byte*> given;
  for (const FrameReference& reference : bound.references())
    given.push_back(referenceArgument(reference, options, input, bound.input(), inputs_));
  PlanRun run(*device_, plan_);
  // Before the stream is locked: an allocation may free images, which runs what they wait for.
  const auto take = [&](const FrameShape& shape) {
    return device_->memory->take(MemoryKind::device, frameBytes(shape));
  };
  const Block from = take(bound.input()), to = take(bound.output());
  std::vector<Block> blocks;
  std::vector<const void*> references;
  const auto& shapes = bound.plan().structure().references;
  for (size_t i = 0; i < given.size(); i++) references.push_back(blocks.emplace_back(take(shapes[i])).data());
  bound.useOn(device_->immediate);
  const std::scoped_lock lock(device_->immediate->mutex());
  Queue& queue = device_->immediate->queue();
  queue.upload(from.data(), input, frameBytes(bound.input()));
  for (size_t i = 0; i < given.size(); i++) queue.upload(blocks[i].data(), given[i], frameBytes(shapes[i]));
  run.run(queue, 0, from.data(), to.data(), {}, references);
  queue.download(output, to.data(), frameBytes(bound.output()));
  std::vector<std::byte> results(bound.resultBytes());
  if (!results.empty()) queue.download(results.data(), run.results(), results.size());
  queue.wait();
  auto outcome = Napi::Object::New(info.Env());
  outcome["results"] = writeResults(info.Env(), bound, results.data());
  return outcome;
}

Napi::Value PlanWrap::benchmark(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  constexpr double kMost = 1e6;
  require(isInteger(numberOr(info[0]), 1, kMost) && isInteger(numberOr(info[1]), 1, kMost), "ERR_INVALID_ARGUMENT",
          "benchmark: expected counts from 1 to 1000000");
  const int iterations = info[0].As<Napi::Number>().Int32Value(), sets = info[1].As<Napi::Number>().Int32Value();
  auto result = Napi::Object::New(env);
  result["plan"] = Napi::Number::New(env, benchmarkPlan(*device_, plan(), iterations, sets));
  if (!device_->backend->unified())
    result["replayed"] = Napi::Number::New(env, benchmarkPlan(*device_, plan(), iterations, sets, true));
  result["copy"] = Napi::Number::New(env, benchmarkCopy(*device_, frameBytes(plan_->input()), iterations, sets));
  return result;
}

void exportPlan(Napi::Env env, Napi::Object exports) {
  exports["PlanHandle"] = PlanWrap::define(env);
  exports["PlanRunnerHandle"] = PlanRunnerWrap::define(env);
}

}  // namespace framelane::binding
