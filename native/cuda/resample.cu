// The tables of an axis, and the choice between the ways to resample.
#include "cuda/resample.hpp"

#include <algorithm>

namespace framelane::cuda {

namespace {

std::vector<float> transposed(const ResizeAxis& axis) {
  const size_t outputs = axis.first.size(), taps = axis.taps;
  std::vector<float> weights(outputs * taps);
  for (size_t i = 0; i < outputs; i++)
    for (size_t k = 0; k < taps; k++) weights[k * outputs + i] = axis.weights[i * taps + k];
  return weights;
}

}  // namespace

int widestSpan(const ResizeAxis& axis, int outputs) {
  const int count = static_cast<int>(axis.first.size());
  int widest = 0;
  for (int begin = 0; begin < count; begin += outputs) {
    const int last = std::min(begin + outputs, count) - 1;
    widest = std::max(widest, axis.first[last] + axis.taps - axis.first[begin]);
  }
  return widest;
}

ResampleAxis::ResampleAxis(const ResizeAxis& axis, Tables& tables)
    : taps_(axis.taps),
      output_(static_cast<int>(axis.first.size())),
      first_(tables.add(axis.first)),
      weights_(tables.add(transposed(axis))) {}

// Few taps: reading one again from the first-level cache costs less than a barrier. More taps to
// fewer pixels: columns first leave the least to be read again. Of an enlarged column a block has
// few inputs, which a tile filters along the row first. What has too much input for a block goes
// through scratch memory. H200, 2026-11-30, us; rgbaf32, and one u8 plane in the last two rows:
//                              taps   copy  direct  columns   tile  scratch
//   1080p to 540p  bilinear       4   18.6    14.9     14.7             26.3
//   1080p to 540p  bicubic        8   18.6             19.1             32.9
//   1080p to 540p  lanczos       12   18.6             21.1             37.9
//   1080p to 720p  bilinear       3   18.6    15.9     24.2    31.3
//   1080p to 720p  lanczos        9   18.6             28.7             49.2
//   4K to 1080p    lanczos       12   65.4             71.7            125.8
//   4K to 360p     lanczos       36   65.2             71.6            107.2
//   1080p to 4K    bilinear       2   18.6    51.8    118.5    66.1
//   1080p to 4K    lanczos        6   18.6            108.9    85.4
//   1080p to 540p  lanczos, u8   12                     9.9    12.2
//   1080p to 4K    bicubic, u8    4                    21.7    22.2
Resampler::Resampler(const AreaShape& shape, const ResizeAxis& x, const ResizeAxis& y, AlphaHandling alpha,
                     Tables& tables)
    : alpha_(alpha), x_(x, tables), y_(y, tables) {
  const bool shrinks = shape.output.width <= shape.input.width && shape.output.height <= shape.input.height;
  columns_ = shrinks ? planResampleColumns(shape, x, y) : ResampleColumns{};
  tile_ = planResampleTile(shape, x, y);
  way_ = resamplesDirectly(shape, x, y) ? Way::direct
         : columns_.outputs > 0         ? Way::columns
         : tile_.rows > 0               ? Way::tile
                                        : Way::axes;
  if (way_ == Way::axes) axes_ = planResampleAxes(shape, x);
}

void Resampler::run(cudaStream_t stream, const Plane& input, const Plane& output, void* scratch) const {
  const AxisTable x = x_.table(), y = y_.table();
  switch (way_) {
    case Way::direct: return resampleDirect(stream, input, output, x, y, alpha_);
    case Way::columns: return resampleColumns(stream, input, output, x, y, columns_, alpha_);
    case Way::tile: return resampleTile(stream, input, output, x, y, tile_, alpha_);
    case Way::axes: return resampleAxes(stream, input, output, x, y, axes_, scratch, alpha_);
  }
}

}  // namespace framelane::cuda
