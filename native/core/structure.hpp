#pragma once
// What decides about a plan: shapes, and of each operation its name and its traits. Values are no part of it, so that a slider
// moves without a new plan.
#include <optional>
#include <vector>

#include "core/graph.hpp"

namespace framelane {

struct Node {
  const char* name = nullptr;  // Op::name
  Traits traits;
  Wiring wiring;
  bool operator==(const Node&) const = default;
};

struct Structure {
  FrameShape input;
  /// May be another format than the input's; the size is set by the operations, the colour is taken as given.
  PixelFormat outputFormat;
  Color outputColor;
  bool planar = true;   // allow filtering YUV planes as they are
  bool opaque = false;  // the input's alpha is 1 everywhere, although its format has one
  bool fold = true;     // false: each affine op stays a step of its own, for tests of bit equality
  /// RGBA of that element takes the same value as the output, in the same pass. Both are RGBA of bytes or floats, and of bytes
  /// no floats are made.
  std::optional<Element> second = std::nullopt;
  std::vector<FrameShape> references = {};  // of the graph's
  std::vector<Node> nodes = {};
  bool operator==(const Structure&) const = default;
};

/// The nodes of a graph on a frame of that size; without shapes all its references are to frames as the input. ERR_INVALID_SIZE where one makes no image that can be.
std::vector<Node> nodesOf(const Graph& graph, Size input, const std::vector<FrameShape>& references = {});

struct StructureHash {
  size_t operator()(const Structure& structure) const;
};

}  // namespace framelane
