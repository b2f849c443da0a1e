#include "core/graph.hpp"

namespace framelane {

int Graph::add(std::shared_ptr<const Op> op, const Wiring& wires) {
  const bool follows = wires == Wiring{last()};
  if (!follows && wiring.empty())
    for (int i = 0; i <= last(); i++) wiring.push_back({i - 1});
  if (!follows || !wiring.empty()) wiring.push_back(wires);
  ops.push_back(std::move(op));
  return last();
}

}  // namespace framelane
