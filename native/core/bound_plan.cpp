#include "core/bound_plan.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/image.hpp"
#include "core/lowering.hpp"

namespace framelane {

void requireOperandOn(const Device& device, const Op& op, const ImageBuffer& operand) {
  if (operand.device().get() == &device) return;
  fail("ERR_DEVICE_MISMATCH", std::string(op.name()) + ": the source image is on " + operand.device()->backend->info().id +
                                  ", the frame on " + device.backend->info().id);
}

BoundPlan::BoundPlan(const PlanRequest& request) : ops_(request.graph.ops) {
  Device& device = *request.device;
  for (const auto& op : ops_)
    if (const auto operand = op->operandImage()) requireOperandOn(device, *op, *operand);
  plan_ = device.plans.get({request.input, request.outputFormat, request.outputColor, request.planar, request.opaque,
                            request.fold, request.second, nodesOf(request.graph, request.input.size())});
  passes_.reserve(plan_->passes().size());
  for (const Plan::Pass& pass : plan_->passes()) {
    if (pass.fused()) {
      lower(pass, ops_, request.fold, std::get<PointProgram>(passes_.emplace_back()));
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

void BoundPlan::run(Queue& queue, const void* input, void* output, void* workspace,
                    std::span<const std::unique_ptr<Event>> marks, void* second) const {
  auto mark = marks.begin();
  const auto recordNext = [&] {
    if (mark != marks.end()) queue.record(**mark++);
  };
  const auto resolve = [&](const Plan::Address& address) -> void* {
    switch (address.place) {
      case Plan::Address::Place::input: return const_cast<void*>(input);  // the views are untyped; passes only read it
      case Plan::Address::Place::output: return output;
      case Plan::Address::Place::workspace: return static_cast<std::byte*>(workspace) + address.offset;
      case Plan::Address::Place::results: return static_cast<std::byte*>(workspace) + plan_->frameBytes() + address.offset;
    }
    return nullptr;
  };
  void* const scratch = static_cast<std::byte*>(workspace) + plan_->frameBytes() + plan_->resultBytes();
  recordNext();
  for (size_t i = 0; i < passes_.size(); i++) {
    const Plan::Pass& pass = plan_->passes()[i];
    const Frame from = frameAt(resolve(pass.input), pass.inputShape);
    const Frame to = frameAt(resolve(pass.output), pass.outputShape);
    if (const auto* bound = std::get_if<PointProgram>(&passes_[i])) {
      PointProgram program = *bound;
      program.input = from;
      program.output = to;
      if (pass.second) program.second.data = second;
      for (const Plan::Operand& operand : pass.operands)
        program.sources[operand.source].plane = frameAt(resolve(operand.address), operand.shape).planes[0];
      queue.run(program);
    } else {
      const auto& stages = std::get<Stages>(passes_[i]);
      for (size_t plane = 0; plane < stages.size(); plane++)
        stages[plane]->run(queue, from.planes[plane], to.planes[plane], scratch);
    }
    recordNext();
  }
}

}  // namespace framelane
