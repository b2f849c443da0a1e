#pragma once
// Separable convolution with one short kernel per axis, edges clamped.
#include <cuda_runtime_api.h>

#include <vector>

#include "core/op.hpp"
#include "core/tables.hpp"

namespace framelane::cuda {

/// Both axes in one kernel, for radii up to kTileRadius. Kernels are symmetric and given by their
/// halves, the centre first.
constexpr int kTileRadius = 12;

struct TileTaps {
  int radiusX, radiusY;
  float x[2 * kTileRadius + 1], y[2 * kTileRadius + 1];
};
TileTaps tileTaps(const std::vector<float>& x, const std::vector<float>& y);
/// Whether one kernel is the better way for these taps on the current device. To be asked before
/// the first convolveTile: it also raises the kernel's limit of shared memory.
bool prepareTile(const AreaShape& shape, const TileTaps& taps);
void convolveTile(cudaStream_t stream, const Plane& input, const Plane& output, const TileTaps& taps,
                  bool straightAlpha);

/// A symmetric kernel of any radius on the device.
class ConvolveAxis {
 public:
  ConvolveAxis(const std::vector<float>& half, Tables& tables);
  int radius() const { return radius_; }
  const float* weights() const { return weights_; }

 private:
  int radius_;
  const float* weights_;
};

/// Along rows: any plane to an f32 scratch plane; then along columns: to any plane.
void convolveRows(cudaStream_t stream, const Plane& input, const Plane& output, const ConvolveAxis& axis,
                  bool straightAlpha);
void convolveColumns(cudaStream_t stream, const Plane& input, const Plane& output, const ConvolveAxis& axis,
                     bool straightAlpha);

}  // namespace framelane::cuda
