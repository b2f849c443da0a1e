#pragma once
// Separable resampling by tables of taps, for every op whose axes are ResizeAxis tables.
#include <cuda_runtime_api.h>

#include "core/op.hpp"
#include "core/tables.hpp"
#include "ops/resize.hpp"

namespace framelane::cuda {

/// What a kernel sees of an axis: tap k of output i is weights[k * output + i], so that
/// neighbouring threads read neighbours.
struct AxisTable {
  const int* first;
  const float* weights;
  int taps, output;
};

/// A ResizeAxis on the device.
class ResampleAxis {
 public:
  ResampleAxis(const ResizeAxis& axis, Tables& tables);
  AxisTable table() const { return {first_, weights_, taps_, output_}; }

 private:
  int taps_, output_;
  const int* first_;
  const float* weights_;
};

/// The most inputs that `outputs` neighbouring outputs, from a multiple of `outputs` on, take
/// together.
int widestSpan(const ResizeAxis& axis, int outputs);

/// Multiplying by alpha on the way in, dividing on the way out.
struct AlphaHandling {
  bool multiply = false;
  bool divide = false;
};

/// The shared memory layout of one tile of the one-kernel way; no rows: too much input for a tile.
struct ResampleTile {
  int rows = 0;   // of the output
  int lines = 0;  // of the input, in units
  int pitch = 0;
  size_t sharedBytes = 0;
};

/// Both axes, prepared for one shape: in one kernel where a tile's input fits in shared memory,
/// else rows, then columns.
class Resampler {
 public:
  Resampler(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y, AlphaHandling alpha,
            Tables& tables);
  size_t scratchBytes() const;
  void run(cudaStream_t stream, const Plane& input, const Plane& output, void* scratch) const;

 private:
  AreaShape shape_;
  AlphaHandling alpha_;
  ResampleAxis x_, y_;
  int span_;
  ResampleTile tile_;
};

/// The two ways. `span` is the widest of 64 outputs.
void resampleRows(cudaStream_t stream, const Plane& input, const Plane& output,
                  const AxisTable& axis, int span, bool multiplyAlpha);
void resampleColumns(cudaStream_t stream, const Plane& input, const Plane& output,
                     const AxisTable& axis, bool divideAlpha);
ResampleTile planResampleTile(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y);
void resampleTile(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                  const AxisTable& y, const ResampleTile& tile, AlphaHandling alpha);

}  // namespace framelane::cuda
