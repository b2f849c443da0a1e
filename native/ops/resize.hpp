#pragma once
#include "core/op.hpp"
#include "core/reader.hpp"
#include "core/resize_axis.hpp"

namespace framelane {

/// Separable resampling, pixel centres at half-integers: source = (destination + 1/2) * in/out - 1/2. Kernels: nearest,
/// bilinear (triangle), bicubic (Keys a = -1/2), lanczos (3 lobes). When shrinking, the kernel widens by in/out unless
/// antialias is off. Taps outside the image are left out and the others renormalised; nothing is clamped.
struct Resize {
  enum class Method { nearest, bilinear, bicubic, lanczos };
  int width, height;  // 0: from the other one, keeping the aspect ratio
  Method method;
  bool antialias;
  void read(Reader& reader) {
    width = reader.has("width") ? reader.integer("width") : 0;
    height = reader.has("height") ? reader.integer("height") : 0;
    method = readEnum<Method>(reader, "method", {"nearest", "bilinear", "bicubic", "lanczos"});
    antialias = reader.boolean("antialias");
  }
  bool operator==(const Resize&) const = default;

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  static constexpr bool kSumOne = true;
  static constexpr bool kPlanar = true;
  Size outputSize(Size input) const;
};

/// `shift`: see AreaShape; source = (destination + 1/2 + shift) * in/out - 1/2 - shift.
ResizeAxis resizeAxis(Resize::Method method, bool antialias, int input, int output, double shift = 0);

struct ResizeAxes {
  ResizeAxis x, y;
};
/// Both axes of a plane.
ResizeAxes resizeAxes(const Resize& op, const AreaShape& shape);

namespace cpu {
std::unique_ptr<AreaStage> prepare(const Resize&, Device&, const AreaShape&);
}
namespace cuda {
std::unique_ptr<AreaStage> prepare(const Resize&, Device&, const AreaShape&);
}

}  // namespace framelane
