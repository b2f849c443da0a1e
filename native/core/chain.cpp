#include "core/chain.hpp"

#include <algorithm>

namespace framelane {

bool Chain::writes(const ImageBuffer& image) const {
  const auto end = destinations.begin() + destinationCount;
  return std::any_of(destinations.begin(), end, [&](const auto& one) { return one.get() == &image; });
}

bool Chain::usesOperand(const ImageBuffer& image) const {
  const auto end = operands.begin() + operandCount;
  return std::any_of(operands.begin(), end, [&](const auto& one) { return one.get() == &image; });
}

/// What is allocated stays, for the chain that is next here.
void Chain::clear() {
  state = State::free;
  request.device.reset();
  request.graph.ops.clear();
  load.reset();
  loaded.reset();
  identityView = true;
  rounded = false;
  destinations = {};
  destinationCount = 0;
  operands = {};
  operandCount = 0;
  calls.clear();
}

namespace {

/// The second destination takes the value from the first. A pass that stores both would take its place.
int storeAgain(const ImageBuffer& first, const void* value, const ImageBuffer& second, void* target, bool fold) {
  Device& device = *first.device();
  const BoundPlan plan({.device = first.device(),
                        .input = first.shape(),
                        .outputFormat = second.format(),
                        .outputColor = second.shape().color,
                        .graph = {},
                        .fold = fold});
  runPlan(device, plan, value, target, RunMemory(device, plan, false, nullptr));
  return 1;
}

}  // namespace

int Chain::run() {
  // The floats come first: rounding them gives the bytes, and not the other way round.
  const bool swapped = destinationCount == 2 && destinations[0]->format().isInteger();
  const ImageBuffer& first = *destinations[swapped ? 1 : 0];
  request.outputFormat = first.format();
  request.outputColor = first.shape().color;
  const BoundPlan plan(request);
  void* const target = first.block_->data();
  const void* const from = loaded ? loaded->data() : target;
  const RunMemory memory(*request.device, plan, loaded && from == target && !plan.inPlace(), nullptr);
  runPlan(*request.device, plan, from, target, memory);
  if (destinationCount < 2) return 1;
  const ImageBuffer& second = *destinations[swapped ? 0 : 1];
  return 1 + storeAgain(first, target, second, second.block_->data(), request.fold);
}

std::string Chain::describeCalls() const {
  std::string text;
  for (const RecordedCall& call : calls) {
    text += (text.empty() ? "" : ", ") + std::string(call.name) + " (call " + std::to_string(call.number) + ")";
    if (!call.stack.empty()) text += " " + call.stack;
  }
  return text;
}

}  // namespace framelane
