#include "core/lowering.hpp"

#include <utility>

#include "core/conversion.hpp"
#include "core/image.hpp"
#include "core/inserted_steps.hpp"

namespace framelane {

namespace {

/// Writes steps one after the other; matrices wait until it is known what follows them.
class Writer {
 public:
  Writer(PointProgram& program, bool fold) : program_(program), fold_(fold) {}

  void matrix(const ColorMatrix& matrix) {
    if (waits_ && !fold_) flush();
    matrix_ = waits_ ? compose(matrix, matrix_) : matrix;
    waits_ = true;
  }
  void step(const PointStep& step) {
    flush();
    program_.steps[program_.stepCount++] = step;
  }
  /// The matrix at the end, if there is one, which is then no step.
  bool takeMatrix(ColorMatrix& matrix) {
    if (!std::exchange(waits_, false)) return false;
    matrix = matrix_;
    return true;
  }
  void flush() {
    if (std::exchange(waits_, false) && !(fold_ && matrix_.isIdentity()))
      program_.steps[program_.stepCount++] = matrixStep(matrix_);
  }

 private:
  PointProgram& program_;
  ColorMatrix matrix_;
  bool fold_;
  bool waits_ = false;
};

/// Without an address, where the operand is a frame of the plan.
Plane operandPlane(const Plan::Pass& pass, int source, const Op& op, const CodeTable* code) {
  if (code) return code->plane();
  for (const Plan::Operand& operand : pass.operands)
    if (operand.source == source) return frameAt(nullptr, operand.shape).planes[0];
  return op.operandImage()->plane();
}

}  // namespace

void lower(const Plan::Pass& pass, const Ops& ops, const CodeTables& codes, bool fold, PointProgram& program) {
  ColorMatrix load = pass.load, store = pass.store, matrix;
  Writer writer(program, fold);
  program.stepCount = 0;
  // A matrix before every other step joins the load.
  const auto joinLoad = [&] {
    if (fold && program.stepCount == 0 && pass.readsInput && writer.takeMatrix(matrix)) load = compose(matrix, load);
  };
  int operands = 0;
  for (const Plan::Step& step : pass.steps) {
    const Op& op = *ops[step.op];
    if (step.affine) {
      writer.matrix(op.matrix());
      continue;
    }
    joinLoad();
    PointStep point = op.step(step.size);
    if (step.operands > 0) point.source = operands;
    for (int i = 0; i < step.operands; i++, operands++) {
      const Plane plane = operandPlane(pass, operands, op, codes[step.op].get());
      const auto [x, y] = op.place(step.size, {plane.width, plane.height});
      program.sources[operands] = {plane, x, y};
    }
    writer.step(point);
  }
  if (pass.flattens) {
    joinLoad();
    writer.step(premultiplyStep());
  }
  joinLoad();
  if (fold && writer.takeMatrix(matrix)) store = compose(store, matrix);
  writer.flush();
  // An opaque pass takes alpha for 1 after the load, so a store that has alpha must scale it itself; and what a view reveals
  // is black after the load, not code values of 0.
  const PixelFormat target = pass.outputShape.format;
  const bool reveals = !insideInput(pass.view, pass.inputShape.size());
  const bool oneMatrix = fold && program.stepCount == 0 && pass.readsInput && !(pass.opaque && hasAlpha(target)) &&
                         !(reveals && isYuv(target));
  if (oneMatrix) load = compose(std::exchange(store, {}), load);

  program.input = frameAt(nullptr, pass.inputShape);
  program.output = frameAt(nullptr, pass.outputShape);
  if (pass.second) {
    const Size size = pass.outputShape.size();
    program.second = frameAt(nullptr, {rgbaOf(*pass.second), size.width, size.height}).planes[0];
  }
  program.view = pass.view;
  program.load = pack(load);
  program.store = pack(store);
  program.loadIsIdentity = load.isIdentity();
  program.storeIsIdentity = store.isIdentity();
  program.readsInput = pass.readsInput;
  program.opaque = pass.opaque;
  program.chroma = pass.chroma;
}

}  // namespace framelane
