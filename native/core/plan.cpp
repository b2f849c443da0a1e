#include "core/plan.hpp"

#include "core/conversion.hpp"
#include "core/format_name.hpp"
#include "core/planner.hpp"

namespace framelane {

std::shared_ptr<const Plan> Plan::compile(const Structure& structure) { return Planner(structure).plan(); }

bool Plan::inPlace() const {
  if (passes_.empty()) return true;
  const Pass& pass = passes_.front();
  if (passes_.size() > 1 || !pass.fused() || !pass.operands.empty()) return false;
  if (!pass.readsInput) return true;
  const PixelFormat format = pass.inputShape.format;
  const bool same = format == pass.outputShape.format || (pass.second && format == rgbaOf(*pass.second));
  if (!same || !(pass.inputShape.size() == pass.outputShape.size())) return false;
  return isWhole(pass.view, pass.inputShape.size()) && pass.chroma == ChromaGrid::kept;
}

std::vector<std::string> Plan::describe() const {
  std::vector<std::string> lines;
  for (const Pass& pass : passes_)
    lines.push_back(shapeName(pass.inputShape) + " -> " + (pass.text.empty() ? "convert" : pass.text) +
                    (pass.isResult ? "" : " -> " + shapeName(pass.outputShape)));
  return lines;
}

size_t Plan::bytes() const {
  size_t bytes = sizeof(*this) + structure_.nodes.size() * sizeof(Node) + passes_.size() * sizeof(Pass);
  for (const Pass& pass : passes_)
    bytes += pass.text.size() + pass.steps.size() * sizeof(Step) + pass.planes.size() * sizeof(AreaShape);
  return bytes;
}

}  // namespace framelane
