#pragma once
// The fixed filters around a decimated blur: see gaussian_plan.hpp, which also declares their axes.
#include <vector>

namespace framelane {

/// `levels` binomials, each at its own scale, as one filter of half-width 2 (2^levels - 1).
std::vector<double> decimationFilter(int levels);

double cubicBSpline(double distance);

}  // namespace framelane
