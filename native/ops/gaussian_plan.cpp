#include "ops/gaussian_plan.hpp"

#include <algorithm>
#include <cmath>

#include "ops/gaussian_chain.hpp"

namespace framelane {

namespace {

/// What the chain makes of one unit coarse weight: response[phase][i] is how much the output at
/// position `phase` takes from the input at i - offset. Another weight, k, shifts it by k * step.
struct Response {
  int step, offset;
  std::vector<std::vector<double>> phases;

  explicit Response(int levels) : step(1 << levels), offset(step + 2 * (step - 1)) {
    const std::vector<double> filter = decimationFilter(levels);
    for (int phase = 0; phase < step; phase++) {
      std::vector<double> response(3 * step + filter.size());
      for (int j = -1; j <= 2; j++) {
        const double weight = cubicBSpline(j - static_cast<double>(phase) / step);
        for (size_t i = 0; i < filter.size(); i++) response[(j + 1) * step + i] += weight * filter[i];
      }
      phases.push_back(std::move(response));
    }
  }
};

/// They depend on nothing but the level.
const Response& responseOf(int levels) {
  constexpr int kMost = 4;  // planGaussian asks for no more
  static const std::vector<Response> responses = [] {
    std::vector<Response> all;
    for (int i = 0; i <= kMost; i++) all.emplace_back(i);
    return all;
  }();
  return responses[levels];
}

double weightAt(const std::vector<double>& half, int distance) {
  const auto index = static_cast<size_t>(std::abs(distance));
  return index < half.size() ? half[index] : 0;
}

/// Solves the symmetric, positive definite band system in place (Cholesky). band[i][d] is element
/// (i, i - d).
void solveBand(std::vector<std::vector<double>>& band, std::vector<double>& x) {
  const int n = static_cast<int>(x.size());
  for (int i = 0; i < n; i++) {
    const int width = static_cast<int>(band[i].size()) - 1;
    for (int j = std::max(0, i - width); j <= i; j++) {
      double sum = band[i][i - j];
      for (int k = std::max(0, i - width); k < j; k++)
        if (j - k <= width) sum -= band[i][i - k] * band[j][j - k];
      band[i][i - j] = i == j ? std::sqrt(sum) : sum / band[j][0];
    }
  }
  for (int i = 0; i < n; i++) {
    for (int d = 1; d < static_cast<int>(band[i].size()) && d <= i; d++) x[i] -= band[i][d] * x[i - d];
    x[i] /= band[i][0];
  }
  for (int i = n - 1; i >= 0; i--) {
    x[i] /= band[i][0];
    for (int d = 1; d < static_cast<int>(band[i].size()) && d <= i; d++) x[i - d] -= band[i][d] * x[i];
  }
}

/// The coarse kernel whose chain is nearest to `exact`, in the least-squares sense over all phases.
/// It does better than a sampled Gaussian with the filters' variances taken off, because it also
/// fits where the exact kernel is cut off.
std::vector<double> fitCoarse(const std::vector<double>& exact, const Response& response) {
  const int radius = (static_cast<int>(exact.size()) - 1 + response.step - 1) / response.step;
  const int length = static_cast<int>(response.phases[0].size());
  const int width = (length - 1) / response.step;
  std::vector<double> gram(width + 1), x(2 * radius + 1);
  for (int phase = 0; phase < response.step; phase++) {
    const std::vector<double>& r = response.phases[phase];
    for (int d = 0; d <= width; d++)
      for (int i = d * response.step; i < length; i++) gram[d] += r[i] * r[i - d * response.step];
    for (int k = -radius; k <= radius; k++)
      for (int i = 0; i < length; i++)
        x[k + radius] += r[i] * weightAt(exact, i - response.offset + k * response.step - phase);
  }
  std::vector<std::vector<double>> band(x.size(), gram);
  solveBand(band, x);
  std::vector<double> half(x.begin() + radius, x.end());
  double sum = half[0];
  for (int k = 1; k <= radius; k++) sum += 2 * half[k];
  for (double& weight : half) weight /= sum;
  return half;
}

/// L1 distance between the chain's kernel and the exact one, in the worst phase.
double planError(const std::vector<double>& exact, const std::vector<float>& coarse, const Response& response) {
  const int radius = static_cast<int>(coarse.size()) - 1;
  double worst = 0;
  for (int phase = 0; phase < response.step; phase++) {
    const std::vector<double>& r = response.phases[phase];
    const int origin = radius * response.step + response.offset;  // index of input position 0
    std::vector<double> kernel(2 * radius * response.step + r.size());
    for (int k = -radius; k <= radius; k++)
      for (size_t i = 0; i < r.size(); i++)
        kernel[(k + radius) * response.step + i] += r[i] * coarse[static_cast<size_t>(std::abs(k))];
    const int reach = static_cast<int>(exact.size()) - 1;
    const int last = static_cast<int>(kernel.size()) - 1 - origin;
    double error = 0;
    for (int t = std::min(-origin, phase - reach); t <= std::max(last, phase + reach); t++) {
      const double got = t >= -origin && t <= last ? kernel[t + origin] : 0;
      error += std::abs(got - weightAt(exact, t - phase));
    }
    worst = std::max(worst, error);
  }
  return worst;
}

}  // namespace

GaussianPlan planGaussian(const std::vector<double>& exact, int minRadius, int maxLevels) {
  if (static_cast<int>(exact.size()) > minRadius)
    for (int levels = maxLevels; levels > 0; levels--) {
      const Response& response = responseOf(levels);
      const std::vector<double> coarse = fitCoarse(exact, response);
      const std::vector<float> weights(coarse.begin(), coarse.end());
      const double error = planError(exact, weights, response);
      if (error <= kMaxPlanError) return {levels, weights, error};
    }
  return {0, {exact.begin(), exact.end()}, 0};
}

}  // namespace framelane
