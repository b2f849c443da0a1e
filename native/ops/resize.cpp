#include "ops/resize.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/device.hpp"
#include "core/error.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/resample.hpp"

namespace framelane {

namespace {

struct Filter {
  double radius;
  double (*weight)(double);
};

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

/// Keys 1981, a = -1/2.
double keysCubic(double x) {
  const double d = std::abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

double sinc(double x) {
  const double angle = std::numbers::pi * x;
  return std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
}

double lanczos3(double x) { return std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0; }

Filter filterOf(Resize::Method method) {
  switch (method) {
    case Resize::Method::bicubic: return {2, keysCubic};
    case Resize::Method::lanczos: return {3, lanczos3};
    default: return {1, triangle};
  }
}

ResizeAxis nearestAxis(int input, int output, double shift) {
  ResizeAxis axis = emptyAxis(1, output);
  const auto quarters = std::llround(4 * shift);
  for (int i = 0; i < output; i++) {
    // floor((i + 1/2 + shift) in/out - shift), in whole numbers.
    const long long source = ((4LL * i + 2 + quarters) * input - quarters * output) / (4LL * output);
    axis.first[i] = static_cast<int>(std::min<long long>(source, input - 1));
    axis.weights[i] = 1;
  }
  return axis;
}

int scaled(int side, int wanted, int other) {
  return static_cast<int>(std::clamp<long long>(std::llround(static_cast<double>(side) * wanted / other), 1, 1 << 30));
}

}  // namespace

Size Resize::outputSize(Size input) const {
  require(width > 0 || height > 0, "ERR_INVALID_OPTION",
          "resize: expected a width, a height or both, received neither");
  return {width > 0 ? width : scaled(input.width, height, input.height),
          height > 0 ? height : scaled(input.height, width, input.width)};
}

ResizeAxis resizeAxis(Resize::Method method, bool antialias, int input, int output, double shift) {
  if (method == Resize::Method::nearest || input == output) return nearestAxis(input, output, shift);
  const Filter filter = filterOf(method);
  const double ratio = static_cast<double>(input) / output;
  const double widening = antialias ? std::max(1.0, ratio) : 1.0;
  const double reach = filter.radius * widening;
  ResizeAxis axis = emptyAxis(std::min(input, static_cast<int>(std::ceil(2 * reach))), output);
  std::vector<double> weights(axis.taps);
  for (int i = 0; i < output; i++) {
    const double source = (i + 0.5 + shift) * ratio - 0.5 - shift;
    const int first = std::clamp(static_cast<int>(std::floor(source - reach)) + 1, 0, input - axis.taps);
    double sum = 0;
    for (int k = 0; k < axis.taps; k++) sum += weights[k] = filter.weight((first + k - source) / widening);
    axis.first[i] = first;
    for (int k = 0; k < axis.taps; k++)
      axis.weights[static_cast<size_t>(i) * axis.taps + k] = static_cast<float>(weights[k] / sum);
  }
  return axis;
}

ResizeAxes resizeAxes(const Resize& op, const AreaShape& shape) {
  return {resizeAxis(op.method, op.antialias, shape.input.width, shape.output.width, shape.shiftX),
          resizeAxis(op.method, op.antialias, shape.input.height, shape.output.height, shape.shiftY)};
}

namespace cpu {

std::unique_ptr<AreaStage> prepare(const Resize& resize, Device& device, const AreaShape& shape) {
  ResizeAxes axes = resizeAxes(resize, shape);
  return std::make_unique<ResampleStage>(kernelsOf(*device.backend), shape,
                                         AlphaUse{shape.straightAlpha, shape.straightAlpha}, std::move(axes.x),
                                         std::move(axes.y));
}

}  // namespace cpu

}  // namespace framelane
