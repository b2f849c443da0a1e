#include "core/plan.hpp"

#include "core/format_name.hpp"
#include "core/planner.hpp"

namespace framelane {

std::shared_ptr<const Plan> Plan::compile(const Structure& structure) { return Planner(structure).plan(); }

bool Plan::inPlace() const {
  if (passes_.empty()) return true;
  const Pass& pass = passes_.front();
  if (passes_.size() > 1 || !pass.fused() || !pass.operands.empty() || !(pass.inputShape.size() == pass.outputShape.size()) ||
      pass.inputShape.format != pass.outputShape.format)
    return false;
  const View& view = pass.view;
  return view.x == 0 && view.y == 0 && !view.flipX && !view.flipY && pass.chroma == ChromaGrid::kept;
}

namespace {

std::string shapeText(const FrameShape& shape) {
  return formatName(shape.format) + " " + std::to_string(shape.width) + "x" + std::to_string(shape.height);
}

}  // namespace

std::vector<std::string> Plan::describe() const {
  std::vector<std::string> lines;
  for (const Pass& pass : passes_)
    lines.push_back(shapeText(pass.inputShape) + " -> " + (pass.text.empty() ? "convert" : pass.text) +
                    (pass.isResult ? "" : " -> " + shapeText(pass.outputShape)));
  return lines;
}

size_t Plan::bytes() const {
  size_t bytes = sizeof(*this) + structure_.nodes.size() * sizeof(Node) + passes_.size() * sizeof(Pass);
  for (const Pass& pass : passes_)
    bytes += pass.text.size() + pass.steps.size() * sizeof(Step) + pass.planes.size() * sizeof(AreaShape);
  return bytes;
}

}  // namespace framelane
