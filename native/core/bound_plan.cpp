#include "core/bound_plan.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/image.hpp"
#include "core/lowering.hpp"

namespace framelane {

void requireOperandOn(const Device& device, const Op& op, const ImageBuffer& operand) {
  if (operand.device().get() == &device) return;
  fail("ERR_DEVICE_MISMATCH", std::string(op.name()) + ": the source image is on " +
                                  operand.device()->backend->info().id + ", the frame on " + device.backend->info().id);
}

namespace {

FrameShape shapeOf(const FrameReference& reference, const PlanRequest& request) {
  if (reference.input.empty()) return request.input;
  const auto found = std::ranges::find(request.inputs, reference.input, &NamedInput::name);
  require(found != request.inputs.end(), "ERR_INTERNAL", "the plan has no input " + reference.input);
  return found->shape;
}

}  // namespace

BoundPlan::BoundPlan(const PlanRequest& request) : ops_(request.graph.ops), references_(request.graph.references) {
  Device& device = *request.device;
  for (const auto& op : ops_) {
    if (const auto operand = op->operandImage()) requireOperandOn(device, *op, *operand);
    const auto code = op->code();
    codes_.push_back(code ? device.codes.get(device, code) : nullptr);
  }
  std::vector<FrameShape> shapes;
  for (const FrameReference& reference : references_) shapes.push_back(shapeOf(reference, request));
  auto nodes = nodesOf(request.graph, request.input.size(), shapes);
  plan_ = device.plans.get({request.input, request.outputFormat, request.outputColor, request.planar, request.opaque,
                            request.fold, request.second, std::move(shapes), std::move(nodes)});
  passes_.reserve(plan_->passes().size());
  for (const Plan::Pass& pass : plan_->passes()) {
    if (pass.fused()) {
      lower(pass, ops_, codes_, request.fold, std::get<PointProgram>(passes_.emplace_back()));
      continue;
    }
    Stages& stages = passes_.emplace_back().emplace<Stages>();
    for (const AreaShape& shape : pass.planes) {
      stages.push_back(device.stages.get(ops_[pass.op], device, shape));
      scratchBytes_ = std::max(scratchBytes_, stages.back()->scratchBytes());
    }
  }
}

void BoundPlan::readResults(const void* results, const std::function<void(const Op&, const void*)>& each) const {
  for (const Plan::Result& result : plan_->results())
    each(*ops_[result.op], static_cast<const std::byte*>(results) + result.offset);
}

int BoundPlan::previousFrames() const {
  int most = 0;
  for (const FrameReference& reference : references_) most = std::max(most, reference.previous);
  return most;
}

void BoundPlan::useOn(const std::shared_ptr<Stream>& stream) const {
  for (const auto& op : ops_)
    if (const auto operand = op->operandImage()) operand->useOn(stream);
  if (stream->isImmediate()) return;
  for (const auto& code : codes_)
    if (code) stream->hold(code);
  for (const Bound& pass : passes_)
    if (const auto* stages = std::get_if<Stages>(&pass))
      for (const auto& stage : *stages) stream->hold(stage);
}

size_t BoundPlan::launchCount() const {
  size_t count = 0;
  for (const Bound& pass : passes_) {
    const auto* const stages = std::get_if<Stages>(&pass);
    count += stages ? stages->size() : 1;
  }
  return count;
}

size_t BoundPlan::samePasses(const BoundPlan& other) const {
  if (!(input() == other.input()) || references_ != other.references_) return 0;
  const auto &mine = plan_->passes(), &others = other.plan_->passes();
  const size_t most = std::min(mine.size(), others.size());
  size_t count = 0;
  while (count < most && mine[count].sameFrames(others[count]) && passes_[count] == other.passes_[count]) count++;
  return count;
}

size_t BoundPlan::innerPasses() const {
  const auto& passes = plan_->passes();
  const auto writes = [](const Plan::Pass& pass) { return pass.output.place == Plan::Address::Place::output; };
  return static_cast<size_t>(std::ranges::find_if(passes, writes) - passes.begin());
}

void BoundPlan::run(Queue& queue, const void* input, void* output, void* workspace,
                    std::span<const std::unique_ptr<Event>> marks, void* second) const {
  PlanMemory memory{.input = input, .output = output, .second = second};
  memory.frames = static_cast<std::byte*>(workspace);
  memory.results = memory.frames + plan_->frameBytes();
  memory.scratch = memory.results + plan_->resultBytes();
  run(queue, memory, 0, passes_.size(), marks);
}

void BoundPlan::run(Queue& queue, const PlanMemory& memory, size_t first, size_t last,
                    std::span<const std::unique_ptr<Event>> marks) const {
  auto mark = marks.begin();
  const auto recordNext = [&] {
    if (mark != marks.end()) queue.record(**mark++);
  };
  const auto resolve = [&](const Plan::Address& address) -> void* {
    switch (address.place) {
      case Plan::Address::Place::input:
        return const_cast<void*>(memory.input);  // the views are untyped; passes only read it
      case Plan::Address::Place::output: return memory.output;
      case Plan::Address::Place::workspace:
        return (address.writer < memory.prefixPasses ? memory.prefix : memory.frames) + address.offset;
      case Plan::Address::Place::results: return memory.results + address.offset;
      case Plan::Address::Place::reference:
        return const_cast<void*>(memory.references.empty() ? memory.input : memory.references[address.offset]);
    }
    return nullptr;
  };
  recordNext();
  for (size_t i = first; i < last; i++) {
    const Plan::Pass& pass = plan_->passes()[i];
    const Frame from = frameAt(resolve(pass.input), pass.inputShape);
    const Frame to = frameAt(resolve(pass.output), pass.outputShape);
    if (const auto* bound = std::get_if<PointProgram>(&passes_[i])) {
      PointProgram program = *bound;
      program.input = from;
      program.output = to;
      if (pass.second) program.second.data = memory.second;
      for (const Plan::Operand& operand : pass.operands)
        program.sources[operand.source].plane = frameAt(resolve(operand.address), operand.shape).planes[0];
      queue.run(program);
    } else {
      const auto& stages = std::get<Stages>(passes_[i]);
      for (size_t plane = 0; plane < stages.size(); plane++)
        stages[plane]->run(queue, from.planes[plane], to.planes[plane], memory.scratch);
    }
    recordNext();
  }
}

}  // namespace framelane
