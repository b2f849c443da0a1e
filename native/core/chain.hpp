#pragma once
// Point-like calls of the immediate API that wait to be run as one fused pass: a load (or none), operations, and one or two
// images that take the same value. Chains do not depend on each other: none reads what another one writes.
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/immediate.hpp"

namespace framelane {

struct Chain {
  static constexpr size_t kMostSteps = 22;  // a pass has room for two more, which the planner may need
  static constexpr size_t kMostOperands = kMaxSources;

  enum class State { free, open, sealed, launching };

  State state = State::free;
  uint64_t lastUsed = 0;
  PlanRequest request;                // input shape and operations
  std::shared_ptr<ImageBuffer> load;  // none where the first operation generates every pixel
  std::shared_ptr<const OrderedBlock> loaded;
  bool identityView = true;
  Size size;  // of the value
  /// The value is what an 8-bit image holds of it: nothing has been done to it since it was rounded.
  bool rounded = false;
  std::array<std::shared_ptr<ImageBuffer>, 2> destinations;
  size_t destinationCount = 0;
  std::array<std::shared_ptr<const ImageBuffer>, kMostOperands> operands;
  size_t operandCount = 0;
  std::vector<RecordedCall> calls;

  bool writes(const ImageBuffer& image) const;
  bool usesOperand(const ImageBuffer& image) const;
  size_t steps() const { return request.graph.ops.size(); }
  void clear();
  /// Enqueues it on its device's immediate queue; the number of passes.
  size_t run();
};

}  // namespace framelane
