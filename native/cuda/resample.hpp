#pragma once
// Separable resampling by tables of taps, for every op whose axes are ResizeAxis tables.
#include <cuda_runtime_api.h>

#include "core/op.hpp"
#include "core/resize_axis.hpp"
#include "core/tables.hpp"

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

/// Both axes in registers, a thread two pixels: for RGBA and at most four taps, as many on both
/// axes.
bool resamplesDirectly(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y);
void resampleDirect(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                    const AxisTable& y, AlphaHandling alpha);

/// Columns first, then rows, in one kernel. No outputs: too much input for a block.
struct ResampleColumns {
  int outputs = 0;  // of a row, that one block makes
  size_t sharedBytes = 0;
};
ResampleColumns planResampleColumns(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y);
void resampleColumns(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x,
                     const AxisTable& y, const ResampleColumns& plan, AlphaHandling alpha);

/// Rows first, then columns, in one kernel. No rows: too much input for a tile.
struct ResampleTile {
  int rows = 0;   // of the output
  int lines = 0;  // of the input, in units
  int pitch = 0;
  size_t sharedBytes = 0;
};
ResampleTile planResampleTile(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y);
void resampleTile(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x, const AxisTable& y,
                  const ResampleTile& tile, AlphaHandling alpha);

/// Rows, then columns, each in a kernel of its own: any shape.
struct ResampleAxes {
  Size between{};
  int span = 0;  // of the inputs of a warp
  size_t scratchBytes = 0;
};
ResampleAxes planResampleAxes(const AreaShape& shape, const ResizeAxis& x);
void resampleAxes(cudaStream_t stream, const Plane& input, const Plane& output, const AxisTable& x, const AxisTable& y,
                  const ResampleAxes& plan, void* scratch, AlphaHandling alpha);

/// Both axes, prepared for one shape, by the fastest of the ways above.
class Resampler {
 public:
  Resampler(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y, AlphaHandling alpha, Tables& tables);
  size_t scratchBytes() const { return axes_.scratchBytes; }
  void run(cudaStream_t stream, const Plane& input, const Plane& output, void* scratch) const;

 private:
  enum class Way { direct, columns, tile, axes };

  AlphaHandling alpha_;
  ResampleAxis x_, y_;
  Way way_ = Way::direct;
  ResampleColumns columns_;
  ResampleTile tile_;
  ResampleAxes axes_;
};

}  // namespace framelane::cuda
