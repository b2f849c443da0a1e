#pragma once
// Operations and what each of them works on. Most graphs are a list: each works on the result of the one before.
#include <string>
#include <vector>

#include "core/op.hpp"

namespace framelane {

/// A frame that a plan gets beside its input: that of another input, by its name, or that which was the input some frames ago.
struct FrameReference {
  static constexpr int kMostPrevious = 16;  // each keeps a frame in device memory
  std::string input;                        // empty: the plan's input
  int previous = 0;
  bool operator==(const FrameReference&) const = default;
};

/// Frames are named by the node that makes them.
struct Wiring {
  static constexpr int kInput = -1;  // the plan's input
  static constexpr int kImage = -2;  // operands: the op's own image or table, or none
  /// One of the graph's references.
  static constexpr int reference(size_t index) { return -3 - static_cast<int>(index); }
  static constexpr bool isReference(int frame) { return frame <= reference(0); }
  static constexpr size_t referenceIndex(int frame) { return static_cast<size_t>(-3 - frame); }

  int from = kInput;
  int source = kImage;  // first operand
  int mask = kImage;    // second operand
  bool operator==(const Wiring&) const = default;
};

struct Graph {
  Ops ops;
  std::vector<Wiring> wiring;  // empty: a list
  std::vector<FrameReference> references;

  Graph() = default;
  Graph(Ops list) : ops(std::move(list)) {}                      // NOLINT: a list is a graph,
  Graph(std::shared_ptr<const Op> op) : ops({std::move(op)}) {}  // NOLINT: and so is one op
  Wiring wiringOf(size_t node) const { return wiring.empty() ? Wiring{static_cast<int>(node) - 1} : wiring[node]; }
  /// The frame that is the result.
  int last() const { return static_cast<int>(ops.size()) - 1; }
  int add(std::shared_ptr<const Op> op, const Wiring& wires);
  /// The frame that it is.
  int refer(const FrameReference& to);
};

}  // namespace framelane
