#include "core/chain.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

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

size_t Chain::run() {
  for (size_t i = 0; i < destinationCount; i++) destinations[i]->releaseSnapshots();
  // The floats come first: rounding them gives the bytes, and not the other way round.
  if (destinationCount == 2 && destinations[0]->format().isInteger()) std::swap(destinations[0], destinations[1]);
  const ImageBuffer& first = *destinations[0];
  const ImageBuffer* const other = destinationCount == 2 ? destinations[1].get() : nullptr;
  request.outputFormat = first.format();
  request.outputColor = first.shape().color;
  request.second = other ? std::optional(other->format().element) : std::nullopt;
  const BoundPlan plan(request);
  const std::shared_ptr<Stream>& stream = request.device->immediate;
  if (loaded) loaded->useOn(stream);
  first.useOn(stream);
  if (other) other->useOn(stream);
  void* const target = first.block_->data();
  void* const second = other ? other->block_->data() : nullptr;
  const void* const from = loaded ? loaded->data() : target;
  const bool inPlace = !loaded || plan.inPlace();
  require(inPlace || from != second, "ERR_INTERNAL", "chain: the second image is read elsewhere than it is written");
  runPlan(stream, plan, from, target, RunMemory(*request.device, stream, plan, from == target && !inPlace, nullptr),
          second);
  return plan.passthrough() ? 1 : plan.passCount();
}

}  // namespace framelane
