#pragma once
// Pixel formats and views of pixels. A view never owns memory; `data` is a host or a device address.
#include <cstddef>
#include <cstdint>

namespace framelane {

enum class Element : uint8_t { u8, f32 };

/// Planar 8-bit formats have float twins, which hold the same code values (0..255, unrounded, unclamped):
/// they are what a planar frame becomes between two passes.
enum class PixelFormat : uint8_t {
  rgba8,
  rgbaf32,
  gray8,
  yuv420p,
  yuv422p,
  yuv444p,
  grayf32,
  yuv420pf32,
  yuv422pf32,
  yuv444pf32,
};

enum class Matrix : uint8_t { bt601, bt709, bt2020 };
enum class Range : uint8_t { limited, full };

struct Color {
  Matrix matrix = Matrix::bt709;
  Range range = Range::limited;
  bool operator==(const Color&) const = default;
};

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

struct FormatInfo {
  int planes;
  int channels;       // per pixel of each plane
  int subsampleX;     // log2, planes 1 and 2
  int subsampleY;
  Element element;
  bool yuv;
};

constexpr FormatInfo formatInfo(PixelFormat format) {
  switch (format) {
    case PixelFormat::rgba8: return {1, 4, 0, 0, Element::u8, false};
    case PixelFormat::rgbaf32: return {1, 4, 0, 0, Element::f32, false};
    case PixelFormat::gray8: return {1, 1, 0, 0, Element::u8, true};
    case PixelFormat::yuv420p: return {3, 1, 1, 1, Element::u8, true};
    case PixelFormat::yuv422p: return {3, 1, 1, 0, Element::u8, true};
    case PixelFormat::yuv444p: return {3, 1, 0, 0, Element::u8, true};
    case PixelFormat::grayf32: return {1, 1, 0, 0, Element::f32, true};
    case PixelFormat::yuv420pf32: return {3, 1, 1, 1, Element::f32, true};
    case PixelFormat::yuv422pf32: return {3, 1, 1, 0, Element::f32, true};
    case PixelFormat::yuv444pf32: return {3, 1, 0, 0, Element::f32, true};
  }
  return {0, 0, 0, 0, Element::u8, false};
}

/// The twin of a format with another element (yuv420p <-> yuv420pf32, rgba8 <-> rgbaf32).
constexpr PixelFormat withElement(PixelFormat format, Element element) {
  constexpr PixelFormat pairs[][2] = {{PixelFormat::rgba8, PixelFormat::rgbaf32},
                                      {PixelFormat::gray8, PixelFormat::grayf32},
                                      {PixelFormat::yuv420p, PixelFormat::yuv420pf32},
                                      {PixelFormat::yuv422p, PixelFormat::yuv422pf32},
                                      {PixelFormat::yuv444p, PixelFormat::yuv444pf32}};
  for (const auto& pair : pairs)
    if (pair[0] == format || pair[1] == format) return pair[element == Element::f32 ? 1 : 0];
  return format;
}

constexpr size_t elementBytes(Element element) { return element == Element::u8 ? 1 : 4; }

/// One plane of samples: `channels` interleaved samples a pixel, `stride` in bytes.
struct Plane {
  void* data = nullptr;
  int width = 0;
  int height = 0;
  ptrdiff_t stride = 0;
  Element element = Element::u8;
  int channels = 1;
};

/// What a frame looks like, without its address.
struct FrameShape {
  PixelFormat format = PixelFormat::rgba8;
  int width = 0;
  int height = 0;
  Color color{};
  Size size() const { return {width, height}; }
  bool operator==(const FrameShape&) const = default;
};

/// A frame: planes one after the other without padding, as FFmpeg's rawvideo lays them out.
struct Frame {
  FrameShape shape;
  Plane planes[3];
};

constexpr int ceilShift(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

constexpr Size planeSize(const FrameShape& shape, int plane) {
  const FormatInfo info = formatInfo(shape.format);
  if (plane == 0) return shape.size();
  return {ceilShift(shape.width, info.subsampleX), ceilShift(shape.height, info.subsampleY)};
}

constexpr size_t planeBytes(const FrameShape& shape, int plane) {
  const FormatInfo info = formatInfo(shape.format);
  const Size size = planeSize(shape, plane);
  return static_cast<size_t>(size.width) * size.height * info.channels * elementBytes(info.element);
}

constexpr size_t frameBytes(const FrameShape& shape) {
  size_t total = 0;
  for (int i = 0; i < formatInfo(shape.format).planes; i++) total += planeBytes(shape, i);
  return total;
}

/// The planes of a tightly packed frame that starts at `data`.
inline Frame frameAt(void* data, const FrameShape& shape) {
  const FormatInfo info = formatInfo(shape.format);
  Frame frame{shape, {}};
  auto* next = static_cast<std::byte*>(data);
  for (int i = 0; i < info.planes; i++) {
    const Size size = planeSize(shape, i);
    const auto stride = static_cast<ptrdiff_t>(size.width * info.channels * elementBytes(info.element));
    frame.planes[i] = {next, size.width, size.height, stride, info.element, info.channels};
    next += planeBytes(shape, i);
  }
  return frame;
}

}  // namespace framelane
