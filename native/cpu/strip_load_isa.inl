// Samples of the input, and of placed sources, to strips.
#pragma once
#include "cpu/chroma_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// `strip` from pixel `at` on takes `count` pixels that are one word of four samples each.
template <bool kAlpha, class Word, class Sample>
void unpackRgbaWords(const Sample* __restrict from, Strip& __restrict strip, int at, int count) {
  constexpr int kBits = 8 * sizeof(Sample);
  constexpr Word kMask = (Word{1} << kBits) - 1;
  for (int i = 0; i < count; i++) {
    Word pixel;
    std::memcpy(&pixel, from + 4 * i, sizeof(Word));
    strip.r[at + i] = static_cast<float>(static_cast<int>(pixel & kMask));
    strip.g[at + i] = static_cast<float>(static_cast<int>(pixel >> kBits & kMask));
    strip.b[at + i] = static_cast<float>(static_cast<int>(pixel >> 2 * kBits & kMask));
    if constexpr (kAlpha) strip.a[at + i] = static_cast<float>(static_cast<int>(pixel >> 3 * kBits));
  }
}

template <bool kAlpha>
void unpackRgbaF32(const float* __restrict from, Strip& __restrict strip, int at, int count) {
  for (int i = 0; i < count; i++) {
    strip.r[at + i] = from[4 * i];
    strip.g[at + i] = from[4 * i + 1];
    strip.b[at + i] = from[4 * i + 2];
    if constexpr (kAlpha) strip.a[at + i] = from[4 * i + 3];
  }
}

template <bool kAlpha>
void unpackRgba(const Plane& plane, Strip& strip, int x, int y, int at, int count) {
  if (plane.element == Element::u8)
    unpackRgbaWords<kAlpha, uint32_t>(rowOf<uint8_t>(plane, y) + 4 * x, strip, at, count);
  else if (plane.element == Element::u16)
    unpackRgbaWords<kAlpha, uint64_t>(rowOf<uint16_t>(plane, y) + 4 * x, strip, at, count);
  else
    unpackRgbaF32<kAlpha>(rowOf<float>(plane, y) + 4 * x, strip, at, count);
}

template <class Sample>
void unpackChroma(const Plane& plane, float* to, int x, int y, int subsampleX, int count) {
  const Sample* row = rowOf<Sample>(plane, y);
  if (subsampleX == 0) return widen(row + x, to, count);
  alignas(64) float chroma[kStrip / 2 + 1];
  const int first = x >> 1, last = (x + count - 1) >> 1;
  widen(row + first, chroma, last - first + 1);
  doubleSamples(chroma, to, x & 1, count);
}

template <bool kAlpha, class Sample>
void unpackYuv(const Frame& frame, ChromaGrid grid, Strip& strip, int x, int y, int at, int count) {
  const LayoutInfo& layout = layoutOf(frame);
  widen(rowOf<Sample>(frame.planes[0], y) + x, strip.r + at, count);
  if constexpr (kAlpha) {
    if (layout.alpha)
      widen(rowOf<Sample>(frame.planes[3], y) + x, strip.a + at, count);
    else
      fill(strip.a + at, count, 1.0f);
  }
  if (layout.planes == 1) {
    fill(strip.g + at, count, neutralChroma(frame));
    fill(strip.b + at, count, neutralChroma(frame));
  } else if (grid == ChromaGrid::resampled && layout.subsampleX > 0) {
    interpolateChroma<Sample>(frame, 1, strip.g + at, x, y, count);
    interpolateChroma<Sample>(frame, 2, strip.b + at, x, y, count);
  } else {
    const int chromaY = y >> layout.subsampleY;
    unpackChroma<Sample>(frame.planes[1], strip.g + at, x, chromaY, layout.subsampleX, count);
    unpackChroma<Sample>(frame.planes[2], strip.b + at, x, chromaY, layout.subsampleX, count);
  }
}

template <bool kAlpha>
void applyMatrix(Strip& strip, int at, int count, const PackedMatrix& matrix) {
  const PackedMatrix k = matrix;
  float* __restrict r = strip.r + at;
  float* __restrict g = strip.g + at;
  float* __restrict b = strip.b + at;
  float* __restrict a = strip.a + at;
  for (int i = 0; i < count; i++) {
    const Pixel p = ColorMatrixStep::apply({r[i], g[i], b[i], kAlpha ? a[i] : 1.0f}, {}, k);
    r[i] = p.r;
    g[i] = p.g;
    b[i] = p.b;
    if constexpr (kAlpha) a[i] = p.a;
  }
}

void clear(Strip& strip, int from, int to) {
  fill(strip.r + from, to - from, 0);
  fill(strip.g + from, to - from, 0);
  fill(strip.b + from, to - from, 0);
  fill(strip.a + from, to - from, 0);
}

/// The `count` pixels of the output from (x, y) on, through the view and the load matrix.
template <bool kAlpha>
void loadStrip(const PointProgram& program, Strip& strip, int x, int y, int count) {
  if (!program.readsInput) return clear(strip, 0, count);
  const Frame& input = program.input;
  const View& view = program.view;
  const int sourceY = view.sourceY(y);
  // The viewed columns begin..begin+count-1, left to right; a mirrored strip is turned round at the
  // end.
  const int begin = view.flipX ? view.sourceX(x + count - 1) : view.sourceX(x);
  const int first = larger(begin, 0), last = smaller(begin + count, input.shape.width);
  if (sourceY < 0 || sourceY >= input.shape.height || first >= last) return clear(strip, 0, count);

  const int at = first - begin, inside = last - first;
  if (!layoutOf(input).yuv) {
    unpackRgba<kAlpha>(input.planes[0], strip, first, sourceY, at, inside);
  } else {
    forElement(input.planes[0].element, [&]<class Sample>() __attribute__((always_inline)) {
      unpackYuv<kAlpha, Sample>(input, program.chroma, strip, first, sourceY, at, inside);
    });
  }
  if (!program.loadIsIdentity) applyMatrix<kAlpha>(strip, at, inside, program.load);
  if (inside < count) {
    clear(strip, 0, at);
    clear(strip, at + inside, count);
  }
  if (view.flipX) {
    reverse(strip.r, count);
    reverse(strip.g, count);
    reverse(strip.b, count);
    if constexpr (kAlpha) reverse(strip.a, count);
  }
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
