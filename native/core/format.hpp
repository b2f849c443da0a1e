#pragma once
// Pixel formats and views of pixels. A view never owns memory; `data` is a host or a device address.
#include <cstddef>
#include <cstdint>

namespace framelane {

enum class Element : uint8_t { u8, u16, f32 };

/// How the samples of a pixel are spread over planes. Chroma planes come after luma, a full-resolution alpha plane last.
enum class Layout : uint8_t { rgba, gray, yuv420, yuv422, yuv444, yuva420, yuva422, yuva444 };

struct LayoutInfo {
  int planes;
  int channels;    // per pixel of each plane
  int subsampleX;  // log2, planes 1 and 2
  int subsampleY;
  bool yuv;  // samples are luma and chroma (or luma alone)
  bool alpha;
};

constexpr LayoutInfo layoutInfo(Layout layout) {
  switch (layout) {
    case Layout::rgba: return {1, 4, 0, 0, false, true};
    case Layout::gray: return {1, 1, 0, 0, true, false};
    case Layout::yuv420: return {3, 1, 1, 1, true, false};
    case Layout::yuv422: return {3, 1, 1, 0, true, false};
    case Layout::yuv444: return {3, 1, 0, 0, true, false};
    case Layout::yuva420: return {4, 1, 1, 1, true, true};
    case Layout::yuva422: return {4, 1, 1, 0, true, true};
    case Layout::yuva444: return {4, 1, 0, 0, true, true};
  }
  return {};
}

/// Integer samples are code values 0 .. 2^bits - 1; u16 ones use the low bits. Planar f32 frames hold the code values of that
/// depth (unrounded, unclamped): they are what a planar frame becomes between two passes. RGBA in f32 is 0..1, whatever `bits`.
struct PixelFormat {
  Layout layout = Layout::rgba;
  Element element = Element::u8;
  uint8_t bits = 8;

  constexpr bool operator==(const PixelFormat&) const = default;
  constexpr LayoutInfo info() const { return layoutInfo(layout); }
  constexpr int maxCode() const { return (1 << bits) - 1; }
  constexpr bool isInteger() const { return element != Element::f32; }

  static const PixelFormat rgba8, rgba16, rgbaf32, gray8, yuv420p, yuv422p, yuv444p;
};

inline constexpr PixelFormat PixelFormat::rgba8{Layout::rgba, Element::u8, 8};
inline constexpr PixelFormat PixelFormat::rgba16{Layout::rgba, Element::u16, 16};
inline constexpr PixelFormat PixelFormat::rgbaf32{Layout::rgba, Element::f32, 8};
inline constexpr PixelFormat PixelFormat::gray8{Layout::gray, Element::u8, 8};
inline constexpr PixelFormat PixelFormat::yuv420p{Layout::yuv420, Element::u8, 8};
inline constexpr PixelFormat PixelFormat::yuv422p{Layout::yuv422, Element::u8, 8};
inline constexpr PixelFormat PixelFormat::yuv444p{Layout::yuv444, Element::u8, 8};

/// The integer format of a layout and depth.
constexpr PixelFormat integerFormat(Layout layout, int bits) {
  return {layout, bits > 8 ? Element::u16 : Element::u8, static_cast<uint8_t>(bits)};
}

/// What a frame of that format becomes between two passes.
constexpr PixelFormat floatFormat(PixelFormat format) {
  if (format.layout == Layout::rgba) return PixelFormat::rgbaf32;
  return {format.layout, Element::f32, format.bits};
}

/// RGBA with samples of that element.
constexpr PixelFormat rgbaOf(Element element) {
  return element == Element::u8    ? PixelFormat::rgba8
         : element == Element::u16 ? PixelFormat::rgba16
                                   : PixelFormat::rgbaf32;
}

constexpr size_t elementBytes(Element element) { return element == Element::u8 ? 1 : element == Element::u16 ? 2 : 4; }

enum class Matrix : uint8_t { bt601, bt709, bt2020 };
enum class Range : uint8_t { limited, full };

/// Where the samples of 4:2:0 and 4:2:2 chroma lie among the luma samples (ITU-T H.273, chroma sample location types 0, 1, 2):
/// horizontally on the left one of a pair or between both, vertically between a pair's rows or on the upper one.
enum class ChromaLocation : uint8_t { left, center, topLeft };

struct Color {
  Matrix matrix = Matrix::bt709;
  Range range = Range::limited;
  ChromaLocation chromaLocation = ChromaLocation::left;
  bool operator==(const Color&) const = default;
};

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

struct Point {
  int x = 0;
  int y = 0;
};

/// One plane of samples: `channels` interleaved samples a pixel, `stride` in bytes.
struct Plane {
  void* data = nullptr;
  int width = 0;
  int height = 0;
  ptrdiff_t stride = 0;
  Element element = Element::u8;
  int channels = 1;
  int maxCode = 255;  // of integer samples
  bool operator==(const Plane&) const = default;
};

/// What a frame looks like, without its address.
struct FrameShape {
  PixelFormat format;
  int width = 0;
  int height = 0;
  Color color{};
  Size size() const { return {width, height}; }
  bool operator==(const FrameShape&) const = default;
};

/// A frame: planes one after the other without padding, as FFmpeg's rawvideo lays them out.
struct Frame {
  FrameShape shape;
  Plane planes[4];
  bool operator==(const Frame&) const = default;
};

constexpr int ceilShift(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

constexpr Size planeSize(const FrameShape& shape, int plane) {
  const LayoutInfo info = shape.format.info();
  if (plane == 0 || plane == 3) return shape.size();
  return {ceilShift(shape.width, info.subsampleX), ceilShift(shape.height, info.subsampleY)};
}

constexpr size_t planeBytes(const FrameShape& shape, int plane) {
  const Size size = planeSize(shape, plane);
  return static_cast<size_t>(size.width) * size.height * shape.format.info().channels *
         elementBytes(shape.format.element);
}

constexpr size_t frameBytes(const FrameShape& shape) {
  size_t total = 0;
  for (int i = 0; i < shape.format.info().planes; i++) total += planeBytes(shape, i);
  return total;
}

/// The planes of a tightly packed frame that starts at `data`; all of them null where it is.
inline Frame frameAt(void* data, const FrameShape& shape) {
  const LayoutInfo info = shape.format.info();
  const Element element = shape.format.element;
  Frame frame{shape, {}};
  auto* next = static_cast<std::byte*>(data);
  for (int i = 0; i < info.planes; i++) {
    const Size size = planeSize(shape, i);
    const auto stride = static_cast<ptrdiff_t>(size.width * info.channels * elementBytes(element));
    frame.planes[i] = {next, size.width, size.height, stride, element, info.channels, shape.format.maxCode()};
    if (next) next += planeBytes(shape, i);
  }
  return frame;
}

}  // namespace framelane
