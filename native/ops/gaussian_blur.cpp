#include "ops/gaussian_blur.hpp"

#include <algorithm>

#include "core/device.hpp"
#include "cpu/blur.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/resample.hpp"
#include "ops/gaussian_plan.hpp"

namespace framelane {

namespace {

std::vector<double> sampledGaussian(int reach, double deviation) {
  if (reach <= 0 || deviation <= 0.001) return {1};
  std::vector<double> half(reach + 1);
  double sum = 0;
  for (int i = 0; i <= reach; i++) {
    const double distance = i / deviation;
    half[i] = std::exp(-0.5 * distance * distance);
    sum += i == 0 ? half[i] : 2 * half[i];
  }
  for (double& weight : half) weight /= sum;
  return half;
}

/// What replicating every sample, filtering, and averaging the pairs again amounts to.
std::vector<double> atHalfResolution(const std::vector<double>& full) {
  const auto at = [&](size_t i) { return i < full.size() ? full[i] : 0.0; };
  std::vector<double> half(full.size() / 2 + 1);
  half[0] = at(0) + at(1);
  for (size_t k = 1; k < half.size(); k++) half[k] = at(2 * k) + (at(2 * k - 1) + at(2 * k + 1)) / 2;
  return half;
}

}  // namespace

std::vector<double> GaussianBlur::weights(double scale) const {
  std::vector<double> half = sampledGaussian(static_cast<int>(radius), sigma);
  return scale == 0.5 && half.size() > 1 ? atHalfResolution(half) : half;
}

namespace cpu {

namespace {

// From here on a level down (about 3 ms at 1080p, one plane, one thread) is quicker than the direct
// sums.
constexpr int kMinDecimatedRadius = 16;

size_t align(size_t bytes) { return (bytes + 63) / 64 * 64; }

Plane tightPlane(void* data, Size size, int channels) {
  return {data, size.width, size.height, static_cast<ptrdiff_t>(size.width) * channels * 4, Element::f32, channels};
}

/// Down, blurred there, and up again: see gaussian_plan.hpp.
class DecimatedBlur final : public AreaStage {
 public:
  DecimatedBlur(const Kernels& kernels, const AreaShape& shape, const GaussianPlan& x, const GaussianPlan& y)
      : size_{coarseSize(shape.input.width, x.levels), coarseSize(shape.input.height, y.levels)},
        channels_(shape.channels),
        down_(kernels, between(shape.input, size_, shape, shape.inputElement, Element::f32),
              {shape.straightAlpha, false}, decimationAxis(shape.input.width, x.levels),
              decimationAxis(shape.input.height, y.levels)),
        blur_(kernels, between(size_, size_, shape, Element::f32, Element::f32), x.weights, y.weights),
        up_(kernels, between(size_, shape.output, shape, Element::f32, shape.outputElement),
            {false, shape.straightAlpha}, interpolationAxis(shape.input.width, x.levels),
            interpolationAxis(shape.input.height, y.levels)) {}

  size_t scratchBytes() const override {
    return 2 * planeBytes() + std::max({down_.scratchBytes(), blur_.scratchBytes(), up_.scratchBytes()});
  }

  size_t coefficientBytes() const override {
    return down_.coefficientBytes() + blur_.coefficientBytes() + up_.coefficientBytes();
  }

  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    auto* memory = static_cast<std::byte*>(scratch);
    const Plane coarse = tightPlane(memory, size_, channels_);
    const Plane blurred = tightPlane(memory + planeBytes(), size_, channels_);
    void* const rest = memory + 2 * planeBytes();
    down_.run(queue, input, coarse, rest);
    blur_.run(queue, coarse, blurred, rest);
    up_.run(queue, blurred, output, rest);
  }

 private:
  static AreaShape between(Size input, Size output, AreaShape shape, Element from, Element to) {
    shape.input = input;
    shape.output = output;
    shape.inputElement = from;
    shape.outputElement = to;
    shape.straightAlpha = false;  // the first stage multiplies, the last one divides
    return shape;
  }
  size_t planeBytes() const { return align(static_cast<size_t>(size_.width) * size_.height * channels_ * 4); }

  Size size_;
  int channels_;
  ResampleStage down_;
  BlurStage blur_;
  ResampleStage up_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const GaussianBlur& blur, Device& device, const AreaShape& shape) {
  const Kernels& kernels = kernelsOf(*device.backend);
  GaussianPlan x = planGaussian(blur.weights(shape.scaleX), kMinDecimatedRadius);
  GaussianPlan y = shape.scaleX == shape.scaleY ? x : planGaussian(blur.weights(shape.scaleY), kMinDecimatedRadius);
  if (x.levels == 0 && y.levels == 0)
    return std::make_unique<BlurStage>(kernels, shape, std::move(x.weights), std::move(y.weights));
  return std::make_unique<DecimatedBlur>(kernels, shape, x, y);
}

}  // namespace cpu

}  // namespace framelane
