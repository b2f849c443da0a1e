#include "ops/resize.hpp"

#include "cuda/queue.hpp"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

class ResizeStage final : public AreaStage {
 public:
  ResizeStage(const AreaShape& shape, const ResizeAxes& axes)
      : resampler_(shape, axes.x, axes.y,
                   {.multiply = shape.straightAlpha, .divide = shape.straightAlpha}) {}
  size_t scratchBytes() const override { return resampler_.scratchBytes(); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    resampler_.run(streamOf(queue), input, output, scratch);
  }

 private:
  Resampler resampler_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Resize& op, Backend& backend, const AreaShape& shape) {
  makeCurrent(backend);
  return std::make_unique<ResizeStage>(shape, resizeAxes(op, shape));
}

}  // namespace framelane::cuda
