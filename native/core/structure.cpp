#include "core/structure.hpp"

#include "core/image.hpp"

namespace framelane {

namespace {

class Hash {
 public:
  void add(uint64_t value) { state_ = (state_ ^ value) * 0x9e3779b97f4a7c15u ^ state_ >> 29; }
  void add(Size size) { add(static_cast<uint64_t>(size.width) << 32 | static_cast<uint32_t>(size.height)); }
  void add(PixelFormat format) {
    add(static_cast<uint64_t>(format.layout) << 16 | static_cast<uint64_t>(format.element) << 8 | format.bits);
  }
  void add(Color color) {
    add(static_cast<uint64_t>(color.matrix) << 16 | static_cast<uint64_t>(color.range) << 8 |
        static_cast<uint64_t>(color.chromaLocation));
  }
  size_t value() const { return state_; }

 private:
  uint64_t state_ = 1;
};

}  // namespace

std::vector<Node> nodesOf(const Graph& graph, Size input, const std::vector<FrameShape>& references) {
  std::vector<Node> nodes;
  const auto sizeOf = [&](int frame) {
    if (frame >= 0) return nodes[frame].traits.size;
    return frame == Wiring::kInput || references.empty() ? input : references[Wiring::referenceIndex(frame)].size();
  };
  nodes.reserve(graph.ops.size());
  for (size_t i = 0; i < graph.ops.size(); i++) {
    const Wiring wiring = graph.wiringOf(i);
    const Size size = sizeOf(wiring.from);
    nodes.push_back({graph.ops[i]->name(), graph.ops[i]->traits(size), wiring});
    if (wiring.source != Wiring::kImage) graph.ops[i]->checkOperand(size, sizeOf(wiring.source));
    checkImageSize(nodes.back().traits.size);
  }
  return nodes;
}

/// Traits that seldom differ for one name and size are left to the comparison.
size_t StructureHash::operator()(const Structure& structure) const {
  Hash hash;
  hash.add(structure.input.format);
  hash.add(structure.input.size());
  hash.add(structure.input.color);
  hash.add(structure.outputFormat);
  hash.add(structure.outputColor);
  hash.add(structure.planar << 2 | structure.opaque << 1 | structure.fold);
  hash.add(structure.second ? 1 + static_cast<uint64_t>(*structure.second) : 0);
  for (const FrameShape& reference : structure.references) {
    hash.add(reference.format);
    hash.add(reference.size());
  }
  for (const auto& [name, traits, wiring] : structure.nodes) {
    hash.add(reinterpret_cast<uintptr_t>(name));
    hash.add(traits.size);
    if (traits.reach == Reach::view) hash.add({traits.view.x, traits.view.y});
  }
  return hash.value();
}

}  // namespace framelane
