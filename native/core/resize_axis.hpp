#pragma once
// What a separable resampling is to the executors, whichever op computed it.
#include <cstddef>
#include <vector>

namespace framelane {

/// The taps of one axis: output i is the sum of weights[i * taps + k] * input[first[i] + k], k < taps; first[i] >= 0 and
/// first[i] + taps <= input (rows are padded with zero weights).
struct ResizeAxis {
  int taps = 0;
  std::vector<int> first;
  std::vector<float> weights;
  size_t bytes() const { return first.size() * sizeof(int) + weights.size() * sizeof(float); }
};
/// Room for `outputs` outputs, every weight 0.
inline ResizeAxis emptyAxis(int taps, int outputs) {
  ResizeAxis axis;
  axis.taps = taps;
  axis.first.resize(outputs);
  axis.weights.resize(static_cast<size_t>(outputs) * taps);
  return axis;
}

}  // namespace framelane
