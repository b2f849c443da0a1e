// Three ways to the same result: small radii in one kernel, middle ones an axis a kernel, wide ones on a decimated plane
// (ops/gaussian_plan.hpp), whose coarse blur is again one of the first two.
#include "cuda/area.cuh"
#include "cuda/convolve.hpp"
#include "cuda/queue.hpp"
#include "cuda/resample.hpp"
#include "ops/gaussian_blur.hpp"
#include "ops/gaussian_plan.hpp"

namespace framelane::cuda {

namespace {

class TileBlur final : public AreaStage {
 public:
  TileBlur(const AreaShape& shape, const TileTaps& taps)
      : straightAlpha_(shape.straightAlpha), taps_(taps) {}
  void run(Queue& queue, const Plane& input, const Plane& output, void*) const override {
    convolveTile(streamOf(queue), input, output, taps_, straightAlpha_);
  }

 private:
  bool straightAlpha_;
  TileTaps taps_;
};

class AxisBlur final : public AreaStage {
 public:
  AxisBlur(const AreaShape& shape, const std::vector<float>& x, const std::vector<float>& y)
      : shape_(shape), x_(x), y_(y) {}
  size_t scratchBytes() const override { return Scratch::bytes(shape_.input, shape_.channels); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    const cudaStream_t stream = streamOf(queue);
    const Plane between = Scratch(scratch).take(shape_.input, shape_.channels);
    convolveRows(stream, input, between, x_, shape_.straightAlpha);
    convolveColumns(stream, between, output, y_, shape_.straightAlpha);
  }

 private:
  AreaShape shape_;
  ConvolveAxis x_, y_;
};

std::unique_ptr<AreaStage> direct(const AreaShape& shape, const std::vector<float>& x,
                                  const std::vector<float>& y) {
  if (std::max(x.size(), y.size()) <= kTileRadius + 1) {
    const TileTaps taps = tileTaps(x, y);
    if (prepareTile(shape, taps)) return std::make_unique<TileBlur>(shape, taps);
  }
  return std::make_unique<AxisBlur>(shape, x, y);
}

AreaShape coarseShape(const AreaShape& shape, const GaussianPlan& x, const GaussianPlan& y) {
  const Size size{coarseSize(shape.input.width, x.levels), coarseSize(shape.input.height, y.levels)};
  return {size, size, shape.channels, Element::f32, Element::f32};
}

class DecimatedBlur final : public AreaStage {
 public:
  DecimatedBlur(const AreaShape& shape, const GaussianPlan& x, const GaussianPlan& y)
      : shape_(shape),
        coarse_(coarseShape(shape, x, y)),
        blur_(direct(coarse_, x.weights, y.weights)),
        downX_(decimationAxis(shape.input.width, x.levels)),
        downY_(decimationAxis(shape.input.height, y.levels)),
        upX_(interpolationAxis(shape.input.width, x.levels)),
        upY_(interpolationAxis(shape.input.height, y.levels)) {}

  size_t scratchBytes() const override {
    return Scratch::bytes(narrow(), shape_.channels) + 2 * Scratch::bytes(coarse_.input, shape_.channels) +
           Scratch::bytes(flat(), shape_.channels) + blur_->scratchBytes();
  }

  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    const cudaStream_t stream = streamOf(queue);
    Scratch planes(scratch);
    const Plane narrowed = planes.take(narrow(), shape_.channels);
    const Plane decimated = planes.take(coarse_.input, shape_.channels);
    const Plane blurred = planes.take(coarse_.input, shape_.channels);
    const Plane widened = planes.take(flat(), shape_.channels);
    resampleRows(stream, input, narrowed, downX_, shape_.straightAlpha);
    resampleColumns(stream, narrowed, decimated, downY_, false);
    blur_->run(queue, decimated, blurred, planes.rest());
    resampleRows(stream, blurred, widened, upX_, false);
    resampleColumns(stream, widened, output, upY_, shape_.straightAlpha);
  }

 private:
  Size narrow() const { return {coarse_.input.width, shape_.input.height}; }
  Size flat() const { return {shape_.input.width, coarse_.input.height}; }

  AreaShape shape_, coarse_;
  std::unique_ptr<AreaStage> blur_;
  ResampleAxis downX_, downY_, upX_, upY_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const GaussianBlur& op, Backend& backend, const AreaShape& shape) {
  makeCurrent(backend);
  const GaussianPlan x = planGaussian(op.weights(shape.scaleX), kTileRadius + 1);
  const GaussianPlan y = planGaussian(op.weights(shape.scaleY), kTileRadius + 1);
  if (x.levels == 0 && y.levels == 0) return direct(shape, x.weights, y.weights);
  return std::make_unique<DecimatedBlur>(shape, x, y);
}

}  // namespace framelane::cuda
