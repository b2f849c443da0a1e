#include "ops/resize.hpp"

#include "cuda/queue.hpp"
#include "cuda/resample.hpp"

namespace framelane::cuda {

namespace {

class ResizeStage final : public AreaStage {
 public:
  ResizeStage(Device& device, const AreaShape& shape, const ResizeAxes& axes)
      : tables_(device),
        resampler_(shape, axes.x, axes.y, {.multiply = shape.straightAlpha, .divide = shape.straightAlpha}, tables_) {
    tables_.upload();
  }
  size_t scratchBytes() const override { return resampler_.scratchBytes(); }
  size_t coefficientBytes() const override { return tables_.bytes(); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    resampler_.run(streamOf(queue), input, output, scratch);
  }

 private:
  Tables tables_;
  Resampler resampler_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Resize& op, Device& device, const AreaShape& shape) {
  makeCurrent(*device.backend);
  return std::make_unique<ResizeStage>(device, shape, resizeAxes(op, shape));
}

}  // namespace framelane::cuda
