#pragma once
#include "core/image.hpp"
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// Composites `source` over the frame: W3C Compositing and Blending 1, section 10 (blend modes) with source-over.
/// cs' = (1 - ab) cs + ab B(cb, cs);  co ao = cs' as + cb ab (1 - as);  ao = as + ab (1 - as);  as = source alpha * opacity.
/// `add` is min(1, cb + cs).
struct Blend {
  enum class Mode { normal, multiply, screen, add, overlay, softLight, hardLight };
  enum class Anchor {
    topLeft,
    topCenter,
    topRight,
    centerLeft,
    center,
    centerRight,
    bottomLeft,
    bottomCenter,
    bottomRight
  };
  std::shared_ptr<const ImageBuffer> source;
  Mode mode;
  Anchor anchor;
  int offsetX, offsetY;
  double opacity;
  void read(Reader& reader) {
    source = reader.image("source");
    mode = readEnum<Mode>(reader, "mode", {"normal", "multiply", "screen", "add", "overlay", "softLight", "hardLight"});
    anchor = readEnum<Anchor>(reader, "anchor",
                              {"topLeft", "topCenter", "topRight", "centerLeft", "center", "centerRight", "bottomLeft",
                               "bottomCenter", "bottomRight"});
    offsetX = reader.integer("offsetX");
    offsetY = reader.integer("offsetY");
    opacity = reader.number("opacity");
  }

  /// Where the source's top-left pixel lands. The middle of an odd difference is rounded down, also below zero.
  Point place(Size base, Size over) const {
    const int column = static_cast<int>(anchor) % 3, row = static_cast<int>(anchor) / 3;
    const auto along = [](int cell, int room) { return cell == 0 ? 0 : cell == 1 ? room >> 1 : room; };
    return {offsetX + along(column, base.width - over.width), offsetY + along(row, base.height - over.height)};
  }

  static constexpr int kOperands = 1;
  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    Mode mode;
    float opacity;
  };
  Kernel kernel(Size) const { return {mode, static_cast<float>(opacity)}; }
  const std::shared_ptr<const ImageBuffer>& operandImage() const { return source; }

  /// With the mode as a constant, which leaves no switch in a loop over pixels.
  static constexpr int kVariants = 7;
  FL_HD static int variant(const Kernel& k) { return static_cast<int>(k.mode); }
  template <int kVariant>
  FL_HD static Pixel applyVariant(Pixel base, Pixel source, const Kernel& k) {
    return apply(base, source, {static_cast<Mode>(kVariant), k.opacity});
  }

  FL_HD static float blendChannel(Mode mode, float b, float s) {
    switch (mode) {
      case Mode::normal: return s;
      case Mode::multiply: return b * s;
      case Mode::screen: return b + s - b * s;
      case Mode::add: return minf(1.0f, b + s);
      case Mode::overlay: return b <= 0.5f ? 2.0f * b * s : 1.0f - 2.0f * (1.0f - b) * (1.0f - s);
      case Mode::hardLight: return s <= 0.5f ? 2.0f * b * s : 1.0f - 2.0f * (1.0f - b) * (1.0f - s);
      case Mode::softLight: {
        const float d = b <= 0.25f ? ((16.0f * b - 12.0f) * b + 4.0f) * b : sqrtFast(maxf(b, 0.0f));
        return s <= 0.5f ? b - (1.0f - 2.0f * s) * b * (1.0f - b) : b + (2.0f * s - 1.0f) * (d - b);
      }
    }
    return s;
  }

  FL_HD static Pixel apply(Pixel base, Pixel source, const Kernel& k) {
    const float as = source.a * k.opacity;
    const float ao = as + base.a * (1.0f - as);
    const bool visible = ao > 1e-6f;
    const float inverse = visible ? reciprocal(visible ? ao : 1.0f) : 0.0f;
    const auto channel = [&](float b, float s) {
      const float mixed = mix(s, blendChannel(k.mode, b, s), base.a);
      return (mixed * as + b * base.a * (1.0f - as)) * inverse;
    };
    return {channel(base.r, source.r), channel(base.g, source.g), channel(base.b, source.b), ao};
  }
};

}  // namespace framelane
