#pragma once
// Raw samples to RGBA 0..1 and back, and where chroma lies under a view.
#include "core/color.hpp"
#include "core/program.hpp"

namespace framelane {

constexpr bool hasAlpha(PixelFormat format) { return format.info().alpha; }
constexpr bool isYuv(PixelFormat format) { return format.info().yuv; }
/// RGBA of bytes or floats: what an Image or ImageU8 holds, and an operand may be.
constexpr bool isImageFormat(PixelFormat format) {
  return format == PixelFormat::rgba8 || format == PixelFormat::rgbaf32;
}

ColorMatrix rgbFromRaw(const FrameShape& shape);
ColorMatrix rawFromRgb(const FrameShape& shape);

View wholeView(Size size);
bool isWhole(const View& view, Size input);
bool insideInput(const View& view, Size input);
/// Reads through `outer` what `inner` shows.
View composeViews(const View& inner, const View& outer);

/// Whether the view's chroma samples are those of the input; otherwise it takes new ones from between them.
bool chromaAligned(const View& view, const FrameShape& shape);
/// Whether both frames have the same chroma samples, so that what nothing changes can come out as it went in.
ChromaGrid gridOf(const FrameShape& input, const View& view, const FrameShape& output);

}  // namespace framelane
