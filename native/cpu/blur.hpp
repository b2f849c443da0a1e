#pragma once
#include <vector>

#include "core/op.hpp"
#include "cpu/kernels.hpp"

namespace framelane::cpu {

/// A separable symmetric blur with clamped edges, direct. Half kernels: weights[0] is the centre.
class BlurStage final : public AreaStage {
 public:
  BlurStage(const Kernels& kernels, const AreaShape& shape, std::vector<float> weightsX, std::vector<float> weightsY);
  size_t scratchBytes() const override;
  size_t coefficientBytes() const override { return (weightsX_.size() + weightsY_.size()) * sizeof(float); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override;

 private:
  const Kernels& kernels_;
  std::vector<float> weightsX_, weightsY_;
  BlurTask task_;
  Size size_;
  int bandRows_;  // output rows of one task
};

}  // namespace framelane::cpu
