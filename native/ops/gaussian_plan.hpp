#pragma once
// How a wide Gaussian is filtered cheaply, per axis and the same on every backend: decimate, blur
// the coarse line with a short kernel, interpolate back. Levels are taken only while the whole
// chain stays within kMaxPlanError of the exact kernel.
#include <vector>

#include "core/resize_axis.hpp"

namespace framelane {

/// Largest accepted L1 distance between the chain's 1-D kernel and the exact one: a quarter of a
/// code on 0..255 samples.
constexpr double kMaxPlanError = 1e-3;

/// levels == 0: filter directly with `weights`. Otherwise resample the line with decimationAxis,
/// filter the coarse line with `weights` (edges clamped), and resample it back with
/// interpolationAxis.
struct GaussianPlan {
  int levels = 0;
  std::vector<float> weights;  // half of the symmetric kernel, weights[0] is the centre
  double errorBound = 0;       // L1 distance from the exact kernel, worst over the output's phases
};

/// `exact` is half of the wanted kernel (GaussianBlur::weights). Kernels with a radius below
/// `minRadius` stay direct: the backend knows from where on decimation pays.
GaussianPlan planGaussian(const std::vector<double>& exact, int minRadius, int maxLevels = 4);

/// Samples of the coarse line: sample i sits at position (i + coarseFirst) * 2^levels of the fine
/// one. The line reaches far enough beyond both ends that clamping it is clamping the fine one.
/// levels == 0 is the identity in all of these.
int coarseFirst(int size, int levels);
int coarseSize(int size, int levels);

/// The binomial [1 4 6 4 1]/16 at each level, composed and with the clamped edges folded into the
/// weights: coarseSize outputs from `size` inputs.
ResizeAxis decimationAxis(int size, int levels);
/// The cubic B-spline over the coarse samples: `size` outputs from coarseSize inputs.
ResizeAxis interpolationAxis(int size, int levels);

}  // namespace framelane
