#include "core/plan.hpp"

#include "core/format_name.hpp"
#include "core/planner.hpp"

namespace framelane {

std::shared_ptr<const Plan> Plan::compile(const Request& request) { return Planner(request).plan(); }

bool Plan::inPlace() const {
  if (passes_.empty()) return true;
  const Pass& pass = passes_.front();
  if (passes_.size() > 1 || !pass.program || !(pass.inputShape.size() == pass.outputShape.size()) ||
      pass.inputShape.format != pass.outputShape.format)
    return false;
  const View& view = pass.program->view;
  return view.x == 0 && view.y == 0 && !view.flipX && !view.flipY && pass.program->chroma == ChromaGrid::kept;
}

void Plan::run(Queue& queue, const void* input, void* output, void* workspace,
               std::span<const std::unique_ptr<Event>> marks) const {
  auto mark = marks.begin();
  const auto recordNext = [&] {
    if (mark != marks.end()) queue.record(**mark++);
  };
  const auto resolve = [&](const Address& address) -> void* {
    switch (address.place) {
      case Address::Place::input: return const_cast<void*>(input);  // the views are untyped; passes only read it
      case Address::Place::output: return output;
      case Address::Place::workspace: return static_cast<std::byte*>(workspace) + address.offset;
    }
    return nullptr;
  };
  recordNext();
  for (const Pass& pass : passes_) {
    const Frame from = frameAt(resolve(pass.input), pass.inputShape);
    const Frame to = frameAt(resolve(pass.output), pass.outputShape);
    if (pass.program) {
      PointProgram program = *pass.program;
      program.input = from;
      program.output = to;
      queue.run(program);
    }
    for (size_t i = 0; i < pass.stages.size(); i++)
      pass.stages[i]->run(queue, from.planes[i], to.planes[i], static_cast<std::byte*>(workspace) + pass.scratchOffset);
    recordNext();
  }
}

namespace {

std::string shapeText(const FrameShape& shape) {
  return formatName(shape.format) + " " + std::to_string(shape.width) + "x" + std::to_string(shape.height);
}

}  // namespace

std::vector<std::string> Plan::describe() const {
  std::vector<std::string> lines;
  for (const Pass& pass : passes_)
    lines.push_back(shapeText(pass.inputShape) + " -> " + (pass.text.empty() ? "convert" : pass.text) + " -> " +
                    shapeText(pass.outputShape));
  return lines;
}

}  // namespace framelane
