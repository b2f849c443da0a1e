#pragma once
#include "core/op.hpp"
#include "core/resize_axis.hpp"
#include "cpu/kernels.hpp"

namespace framelane::cpu {

/// A separable resampling of one plane: the taps of both axes, applied in the cheaper order.
/// `alpha` decides about straight alpha, not the shape: half of a filter may be done before or
/// after.
class ResampleStage final : public AreaStage {
 public:
  ResampleStage(const Kernels& kernels, const AreaShape& shape, AlphaUse alpha, ResizeAxis x, ResizeAxis y);
  size_t scratchBytes() const override;
  size_t coefficientBytes() const override { return x_.bytes() + y_.bytes(); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override;

 private:
  const Kernels& kernels_;
  Size input_, output_;
  AlphaUse alpha_;
  ResizeAxis x_, y_;
  bool verticalFirst_;
  size_t workerBytes_;
  int minRowsPerTask_;
};

}  // namespace framelane::cpu
