#pragma once
// Operations and what each of them works on. Most graphs are a list: each works on the result of the one before.
#include <vector>

#include "core/op.hpp"

namespace framelane {

/// Frames are named by the node that makes them.
struct Wiring {
  static constexpr int kInput = -1;  // the plan's input
  static constexpr int kImage = -2;  // operands: the op's own image or table, or none
  int from = kInput;
  int source = kImage;  // first operand
  int mask = kImage;    // second operand
  bool operator==(const Wiring&) const = default;
};

struct Graph {
  Ops ops;
  std::vector<Wiring> wiring;  // empty: a list

  Graph() = default;
  Graph(Ops list) : ops(std::move(list)) {}                        // NOLINT: a list is a graph,
  Graph(std::shared_ptr<const Op> op) : ops({std::move(op)}) {}  // NOLINT: and so is one op
  Wiring wiringOf(size_t node) const {
    return wiring.empty() ? Wiring{static_cast<int>(node) - 1} : wiring[node];
  }
  /// The frame that is the result.
  int last() const { return static_cast<int>(ops.size()) - 1; }
  int add(std::shared_ptr<const Op> op, const Wiring& wires);
};

/// The first operand where the second one, the mask, has light: an op under a mask. Without an image the mask is a frame.
std::shared_ptr<const Op> mixOp(std::shared_ptr<const ImageBuffer> mask);
/// The operand in place of the pixels that it covers, its top-left one at (x, y): an op in a region.
std::shared_ptr<const Op> placeOp(int x, int y, Size size);

}  // namespace framelane
