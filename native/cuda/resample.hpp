#pragma once
// Separable resampling by a table of taps, for every op whose axes are ResizeAxis tables.
#include <cuda_runtime_api.h>

#include "core/format.hpp"
#include "cuda/handles.hpp"
#include "ops/resize.hpp"

namespace framelane::cuda {

/// A ResizeAxis on the device.
class ResampleAxis {
 public:
  explicit ResampleAxis(const ResizeAxis& axis);
  int taps() const { return taps_; }
  int output() const { return output_; }
  int span() const { return span_; }
  const int* first() const { return first_.as<int>(); }
  /// Tap k of output i is at [k * output + i], so that neighbouring threads read neighbouring weights.
  const float* weights() const { return weights_.as<float>(); }

 private:
  int taps_, output_, span_;
  DeviceTable first_, weights_;
};

/// Along rows: any plane to an f32 plane of the axis' width. `straightAlpha`: multiplies by alpha on the way in.
void resampleRows(cudaStream_t stream, const Plane& input, const Plane& output,
                  const ResampleAxis& axis, bool straightAlpha);
/// Along columns: an f32 scratch plane to any plane of the axis' height. `straightAlpha`: divides by alpha on the way out.
void resampleColumns(cudaStream_t stream, const Plane& input, const Plane& output,
                     const ResampleAxis& axis, bool straightAlpha);

}  // namespace framelane::cuda
