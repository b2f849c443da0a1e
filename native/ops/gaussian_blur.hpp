#pragma once
#include <cmath>

#include "core/op.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Separable Gaussian, taps -radius..radius, weights exp(-i^2 / 2 sigma^2) normalised, edges clamped.
/// Either option gives the other: sigma = radius / 3, radius = ceil(3 sigma); neither: radius 3.
struct GaussianBlur {
  double radius, sigma;
  void read(Reader& reader) {
    const bool hasRadius = reader.has("radius");
    radius = hasRadius ? reader.integer("radius") : 3;
    const bool hasSigma = reader.has("sigma");
    sigma = hasSigma ? reader.number("sigma") : radius / 3;
    if (hasSigma && !hasRadius) radius = std::ceil(3 * sigma);
  }
  bool operator==(const GaussianBlur&) const = default;

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  static constexpr bool kSumOne = true;
  static constexpr bool kPlanar = true;
  Size outputSize(Size input) const { return input; }

  /// Half of the symmetric kernel along an axis of scale 1 or 1/2 (subsampled chroma): weights[0] is the centre. Radius 0 or
  /// sigma below 0.001 is the identity, {1}.
  std::vector<double> weights(double scale) const;
};

namespace cpu {
std::unique_ptr<AreaStage> prepare(const GaussianBlur&, Device&, const AreaShape&);
}
namespace cuda {
std::unique_ptr<AreaStage> prepare(const GaussianBlur&, Device&, const AreaShape&);
}

}  // namespace framelane
