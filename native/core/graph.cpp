#include "core/graph.hpp"

#include <algorithm>

namespace framelane {

int Graph::add(std::shared_ptr<const Op> op, const Wiring& wires) {
  const bool follows = wires == Wiring{last()};
  if (!follows && wiring.empty())
    for (int i = 0; i <= last(); i++) wiring.push_back({i - 1});
  if (!follows || !wiring.empty()) wiring.push_back(wires);
  ops.push_back(std::move(op));
  return last();
}

int Graph::refer(const FrameReference& to) {
  const auto known = std::ranges::find(references, to);
  const auto index = static_cast<size_t>(known - references.begin());
  if (known == references.end()) references.push_back(to);
  return Wiring::reference(index);
}

}  // namespace framelane
