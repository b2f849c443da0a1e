#include "cpu/resample.hpp"

#include <algorithm>

#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

// A horizontal tap loads a weight for every pixel, a vertical one for every 32 samples.
constexpr double kHorizontalCost = 1.5;

size_t roundUp(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

}  // namespace

ResampleStage::ResampleStage(const Kernels& kernels, const AreaShape& shape, AlphaUse alpha, ResizeAxis x, ResizeAxis y)
    : kernels_(kernels), input_(shape.input), output_(shape.output), alpha_(alpha), x_(std::move(x)), y_(std::move(y)) {
  const double horizontal = kHorizontalCost * x_.taps * output_.width, vertical = y_.taps;
  // Multiplying by alpha is cheapest once a sample, in the lanes.
  verticalFirst_ = !alpha.multiply && output_.height * (vertical * input_.width + horizontal) <=
                                          input_.height * horizontal + output_.height * vertical * output_.width;

  const int rowsInLanes = kLanes / shape.channels;
  const int keptRows = verticalFirst_ ? rowsInLanes : y_.taps + rowsInLanes;
  const size_t floats =
      kLanes * roundUp(input_.width, 8) + static_cast<size_t>(keptRows) * roundUp(output_.width, 8) * shape.channels;
  workerBytes_ = roundUp(roundUp(y_.taps, 8) * sizeof(void*) + floats * sizeof(float), 64);

  // Vertical first works in groups of rows. Horizontal first resamples the rows above a band again:
  // y_.taps of the input.
  const int halo = input_.height > 0 ? y_.taps * output_.height / input_.height : 0;
  minRowsPerTask_ = verticalFirst_ ? 2 * rowsInLanes : std::max(2 * rowsInLanes, 4 * halo);
}

size_t ResampleStage::scratchBytes() const { return ThreadPool::instance().threads() * workerBytes_; }

void ResampleStage::run(Queue&, const Plane& input, const Plane& output, void* scratch) const {
  const ResampleTask task = {input,
                             output,
                             alpha_,
                             {x_.taps, x_.first.data(), x_.weights.data()},
                             {y_.taps, y_.first.data(), y_.weights.data()}};
  const auto rows = verticalFirst_ ? kernels_.resampleVerticalFirst : kernels_.resampleHorizontalFirst;
  ThreadPool::instance().parallelRows(output_.height, minRowsPerTask_, [&](int worker, int y0, int y1) {
    rows(task, static_cast<std::byte*>(scratch) + worker * workerBytes_, y0, y1);
  });
}

}  // namespace framelane::cpu
