#pragma once
// Every operation's header, for the three places that include ops/registry.def.
#include "ops/blend.hpp"
#include "ops/brightness.hpp"
#include "ops/color_matrix_step.hpp"
#include "ops/contrast.hpp"
#include "ops/crop.hpp"
#include "ops/custom_kernel.hpp"
#include "ops/custom_point.hpp"
#include "ops/custom_stencil.hpp"
#include "ops/fill_color.hpp"
#include "ops/fill_gradient.hpp"
#include "ops/flip.hpp"
#include "ops/gamma.hpp"
#include "ops/gaussian_blur.hpp"
#include "ops/histogram.hpp"
#include "ops/hue.hpp"
#include "ops/invert.hpp"
#include "ops/lut3d.hpp"
#include "ops/median.hpp"
#include "ops/mix.hpp"
#include "ops/opacity.hpp"
#include "ops/operands.hpp"
#include "ops/place.hpp"
#include "ops/premultiply.hpp"
#include "ops/quantise.hpp"
#include "ops/resize.hpp"
#include "ops/saturation.hpp"
#include "ops/sepia.hpp"
#include "ops/sharpen.hpp"
#include "ops/sobel.hpp"
#include "ops/statistics.hpp"
#include "ops/tone_map.hpp"
#include "ops/vibrance.hpp"
#include "ops/vignette.hpp"

namespace framelane {

/// The steps a fused pass knows, in registry order.
enum class PointId : uint32_t {
#define FL_POINT(Struct, name) Struct,
#include "ops/registry.def"
};

/// The stencils an executor knows, in registry order.
enum class StencilId : uint32_t {
#define FL_STENCIL(Struct, name) Struct,
#include "ops/registry.def"
};

}  // namespace framelane
