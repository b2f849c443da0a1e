#include "core/conversion.hpp"

namespace framelane {

namespace {

bool isSubsampled(PixelFormat format) { return format.info().subsampleX + format.info().subsampleY > 0; }

/// For samples whose chroma is neutral. Red, green and blue then come out of the same numbers, and are rounded alike.
ColorMatrix withoutChroma(ColorMatrix matrix, int bits) {
  const double neutral = 1 << (bits - 1);
  for (auto& [luma, u, v, offset] : matrix.m) {
    offset = static_cast<float>(offset + neutral * (u + v));
    u = v = 0;
  }
  return matrix;
}

}  // namespace

ColorMatrix rgbFromRaw(const FrameShape& shape) {
  const PixelFormat format = shape.format;
  const double unit = 1.0 / format.maxCode();
  if (!isYuv(format)) return format.isInteger() ? ColorMatrix::scaleAndOffset(unit, 0, unit) : ColorMatrix{};
  ColorMatrix matrix = rgbFromYuv(shape.color, format.bits);
  if (hasAlpha(format)) matrix.alpha = unit;
  return format.layout == Layout::gray ? withoutChroma(matrix, format.bits) : matrix;
}

ColorMatrix rawFromRgb(const FrameShape& shape) {
  const PixelFormat format = shape.format;
  const double codes = format.maxCode();
  if (!isYuv(format)) return format.isInteger() ? ColorMatrix::scaleAndOffset(codes, 0, codes) : ColorMatrix{};
  ColorMatrix matrix = yuvFromRgb(shape.color, format.bits);
  if (hasAlpha(format)) matrix.alpha = codes;
  return matrix;
}

View wholeView(Size size) { return {0, 0, size.width, size.height, false, false}; }

bool isWhole(const View& view, Size input) { return view == wholeView(input); }

bool insideInput(const View& view, Size input) {
  return view.x >= 0 && view.y >= 0 && view.width <= input.width - view.x && view.height <= input.height - view.y;
}

View composeViews(const View& inner, const View& outer) {
  const auto along = [](int start, int length, bool flip, int outerStart, int outerLength) {
    return start + (flip ? length - outerStart - outerLength : outerStart);
  };
  return {along(inner.x, inner.width, inner.flipX, outer.x, outer.width),
          along(inner.y, inner.height, inner.flipY, outer.y, outer.height),
          outer.width,
          outer.height,
          inner.flipX != outer.flipX,
          inner.flipY != outer.flipY};
}

/// Samples on the first of their pixels lie on the last ones in a mirror.
bool chromaAligned(const View& view, const FrameShape& shape) {
  const LayoutInfo info = shape.format.info();
  const ChromaLocation location = shape.color.chromaLocation;
  const auto aligned = [](int start, int length, bool flip, int shift, bool cosited) {
    return shift == 0 || ((start + (flip ? length : 0)) % (1 << shift) == 0 && !(flip && cosited));
  };
  return aligned(view.x, view.width, view.flipX, info.subsampleX, location != ChromaLocation::center) &&
         aligned(view.y, view.height, view.flipY, info.subsampleY, location == ChromaLocation::topLeft);
}

ChromaGrid gridOf(const FrameShape& input, const View& view, const FrameShape& output) {
  if (!isSubsampled(input.format) && !isSubsampled(output.format)) return ChromaGrid::kept;
  const LayoutInfo in = input.format.info(), out = output.format.info();
  const bool same = in.subsampleX == out.subsampleX && in.subsampleY == out.subsampleY &&
                    input.color.chromaLocation == output.color.chromaLocation && chromaAligned(view, input);
  return same ? ChromaGrid::kept : ChromaGrid::resampled;
}

}  // namespace framelane
