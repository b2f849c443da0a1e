#include "ops/gaussian_chain.hpp"

#include <algorithm>
#include <cmath>

#include "ops/gaussian_plan.hpp"
#include "ops/resize.hpp"

namespace framelane {

namespace {

int floorDivide(int value, int divisor) { return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor); }

/// Output i takes `filter` from position[i] on; taps that fall outside 0..size-1 go to the nearest
/// sample.
void addClamped(ResizeAxis& axis, int size, int output, int position, const std::vector<double>& filter) {
  const int first = std::clamp(position, 0, size - axis.taps);
  if (position == first && static_cast<int>(filter.size()) == axis.taps) {
    axis.first[output] = first;
    std::copy(filter.begin(), filter.end(), axis.weights.begin() + static_cast<ptrdiff_t>(output) * axis.taps);
    return;
  }
  std::vector<double> weights(axis.taps);
  for (size_t k = 0; k < filter.size(); k++)
    weights[std::clamp(position + static_cast<int>(k), 0, size - 1) - first] += filter[k];
  axis.first[output] = first;
  std::copy(weights.begin(), weights.end(), axis.weights.begin() + static_cast<ptrdiff_t>(output) * axis.taps);
}

}  // namespace

std::vector<double> decimationFilter(int levels) {
  constexpr double binomial[] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};
  std::vector<double> filter = {1};
  for (int level = 0; level < levels; level++) {
    const size_t step = size_t{1} << level;
    std::vector<double> next(filter.size() + 4 * step);
    for (size_t i = 0; i < filter.size(); i++)
      for (size_t k = 0; k < 5; k++) next[i + k * step] += filter[i] * binomial[k];
    filter = std::move(next);
  }
  return filter;
}

double cubicBSpline(double distance) {
  const double d = std::abs(distance);
  if (d < 1) return 2.0 / 3 - d * d + d * d * d / 2;
  return d < 2 ? (2 - d) * (2 - d) * (2 - d) / 6 : 0;
}

// A sample left of coarseFirst or right of the end would be made of one clamped fine sample alone.
int coarseFirst(int, int levels) {
  const int step = 1 << levels;
  return levels == 0 ? 0 : floorDivide(2, step) - 2;
}

int coarseSize(int size, int levels) {
  const int step = 1 << levels;
  return levels == 0 ? size : -floorDivide(3 - size, step) + 2 - coarseFirst(size, levels) + 1;
}

ResizeAxis decimationAxis(int size, int levels) {
  if (levels == 0) return resizeAxis(Resize::Method::nearest, false, size, size);
  const std::vector<double> filter = decimationFilter(levels);
  const int outputs = coarseSize(size, levels), reach = static_cast<int>(filter.size()) / 2;
  ResizeAxis axis = emptyAxis(std::min(static_cast<int>(filter.size()), size), outputs);
  for (int i = 0; i < outputs; i++)
    addClamped(axis, size, i, (i + coarseFirst(size, levels)) * (1 << levels) - reach, filter);
  return axis;
}

ResizeAxis interpolationAxis(int size, int levels) {
  if (levels == 0) return resizeAxis(Resize::Method::nearest, false, size, size);
  const int inputs = coarseSize(size, levels);
  ResizeAxis axis = emptyAxis(std::min(4, inputs), size);
  const int step = 1 << levels;
  std::vector<std::vector<double>> filters;  // by how far an output lies behind a coarse sample
  for (int phase = 0; phase < step; phase++) {
    filters.emplace_back(4);
    for (int j = 0; j < 4; j++) filters.back()[j] = cubicBSpline(j - 1 - static_cast<double>(phase) / step);
  }
  for (int i = 0; i < size; i++)
    addClamped(axis, inputs, i, (i >> levels) - 1 - coarseFirst(size, levels), filters[i % step]);
  return axis;
}

}  // namespace framelane
