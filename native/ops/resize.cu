#include "cuda/area.cuh"
#include "cuda/queue.hpp"
#include "cuda/resample.hpp"
#include "ops/resize.hpp"

namespace framelane::cuda {

namespace {

/// Rows first into scratch memory, then columns.
class ResizeStage final : public AreaStage {
 public:
  ResizeStage(const Resize& op, const AreaShape& shape)
      : shape_(shape),
        x_(resizeAxis(op.method, op.antialias, shape.input.width, shape.output.width)),
        y_(resizeAxis(op.method, op.antialias, shape.input.height, shape.output.height)) {}

  size_t scratchBytes() const override { return Scratch::bytes(between(), shape_.channels); }

  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    const cudaStream_t stream = streamOf(queue);
    const Plane wide = Scratch(scratch).take(between(), shape_.channels);
    resampleRows(stream, input, wide, x_, shape_.straightAlpha);
    resampleColumns(stream, wide, output, y_, shape_.straightAlpha);
  }

 private:
  Size between() const { return {shape_.output.width, shape_.input.height}; }

  AreaShape shape_;
  ResampleAxis x_, y_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Resize& op, Backend& backend, const AreaShape& shape) {
  makeCurrent(backend);
  return std::make_unique<ResizeStage>(op, shape);
}

}  // namespace framelane::cuda
