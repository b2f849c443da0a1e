// Strips to samples of the output.
#pragma once
#include "cpu/strip_load_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// What is stored at once: `count` pixels from (x, y) on, of all the rows that share chroma samples.
struct StripRows {
  const Strip* rows[2];
  int rowCount;
  int x, y, count;
  /// The output's chroma samples lie on the first of their pixels: `lead` pixels before x are at the strips' beginning, and
  /// `above` is the row before, where they lie on the first of their rows too.
  bool cosited = false;
  int lead = 0;
  const Strip* above = nullptr;
};

// The identity is left out, not multiplied by: 0 * NaN would spread a channel's NaN to the others.
template <bool kAlpha, bool kMatrix>
FL_HD Pixel storedPixel(const Strip& strip, int i, const PackedMatrix& matrix) {
  const Pixel p = {strip.r[i], strip.g[i], strip.b[i], kAlpha ? strip.a[i] : 1.0f};
  return kMatrix ? ColorMatrixStep::apply(p, {}, matrix) : p;
}

/// Pixels that are one word of four samples each.
template <bool kAlpha, bool kMatrix, class Word, class Sample>
void storeRgbaWords(const Strip& __restrict strip, Sample* __restrict to, int count, const PackedMatrix& matrix,
                    float maxCode) {
  constexpr int kBits = 8 * sizeof(Sample);
  const PackedMatrix k = matrix;
  for (int i = 0; i < count; i++) {
    const Pixel p = storedPixel<kAlpha, kMatrix>(strip, i, k);
    const Word pixel = static_cast<Word>(quantise(p.r, maxCode)) | static_cast<Word>(quantise(p.g, maxCode)) << kBits |
                       static_cast<Word>(quantise(p.b, maxCode)) << 2 * kBits |
                       static_cast<Word>(quantise(p.a, maxCode)) << 3 * kBits;
    std::memcpy(to + 4 * i, &pixel, sizeof(Word));
  }
}

template <bool kAlpha, bool kMatrix>
void storeRgbaF32(const Strip& __restrict strip, float* __restrict to, int count, const PackedMatrix& matrix) {
  const PackedMatrix k = matrix;
  for (int i = 0; i < count; i++) {
    const Pixel p = storedPixel<kAlpha, kMatrix>(strip, i, k);
    to[4 * i] = p.r;
    to[4 * i + 1] = p.g;
    to[4 * i + 2] = p.b;
    to[4 * i + 3] = p.a;
  }
}

template <bool kAlpha, bool kMatrix>
void storeRgba(Plane& plane, const Strip& strip, int x, int y, int count, const PackedMatrix& matrix) {
  if (plane.element == Element::u8)
    storeRgbaWords<kAlpha, kMatrix, uint32_t>(strip, rowOf<uint8_t>(plane, y) + 4 * x, count, matrix, 255.0f);
  else if (plane.element == Element::u16)
    storeRgbaWords<kAlpha, kMatrix, uint64_t>(strip, rowOf<uint16_t>(plane, y) + 4 * x, count, matrix, 65535.0f);
  else
    storeRgbaF32<kAlpha, kMatrix>(strip, rowOf<float>(plane, y) + 4 * x, count, matrix);
}

template <class Sample>
void storeSamples(const float* __restrict from, Sample* __restrict to, int count, float maxCode) {
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(from[i], maxCode);
}

/// One row of a matrix.
template <class Sample>
void storeRow(const float* __restrict r, const float* __restrict g, const float* __restrict b, Sample* __restrict to,
              int count, const float* row, float maxCode) {
  const float kr = row[0], kg = row[1], kb = row[2], offset = row[3];
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(kr * r[i] + kg * g[i] + kb * b[i] + offset, maxCode);
}

template <class Sample>
void storeScaled(const float* __restrict from, Sample* __restrict to, int count, float scale, float maxCode) {
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(scale * from[i], maxCode);
}

/// Pixels from `at` on to row y of a plane of one channel; without a matrix the strip's values are the samples.
template <class Sample>
void storeChannel(const Strip& strip, int at, int channel, Plane& plane, int x, int y, int count,
                  const PackedMatrix* matrix) {
  Sample* to = rowOf<Sample>(plane, y) + x;
  const auto maxCode = static_cast<float>(plane.maxCode);
  if (matrix)
    storeRow(strip.r + at, strip.g + at, strip.b + at, to, count, matrix->m + 4 * channel, maxCode);
  else
    storeSamples((channel == 0 ? strip.r : channel == 1 ? strip.g : strip.b) + at, to, count, maxCode);
}

/// Both chroma planes under the rows. The matrix is affine, so it may follow the filter.
template <class Sample>
void storeChroma(Frame& frame, const StripRows& strips, const PackedMatrix* matrix) {
  const LayoutInfo& layout = layoutOf(frame);
  const int x = strips.x >> layout.subsampleX, y = strips.y >> layout.subsampleY;
  const int samples = (strips.count + layout.subsampleX) >> layout.subsampleX;
  const Strip &here = *strips.rows[0], &below = *strips.rows[strips.rowCount - 1];
  if (layout.subsampleX == 0 && layout.subsampleY == 0) {
    storeChannel<Sample>(here, 0, 1, frame.planes[1], x, y, samples, matrix);
    storeChannel<Sample>(here, 0, 2, frame.planes[2], x, y, samples, matrix);
    return;
  }
  Strip chroma;
  const auto reduce = [&](float* to, const float* above, const float* first, const float* second)
                          __attribute__((always_inline)) {
    if (strips.cosited)
      filterCosited(to, above, first, second, strips.lead, strips.count);
    else
      meanOfBlocks(to, first, second, strips.count, layout.subsampleX);
  };
  const Strip* above = strips.above;
  if (matrix) reduce(chroma.r, above ? above->r : nullptr, here.r, below.r);
  reduce(chroma.g, above ? above->g : nullptr, here.g, below.g);
  reduce(chroma.b, above ? above->b : nullptr, here.b, below.b);
  storeChannel<Sample>(chroma, 0, 1, frame.planes[1], x, y, samples, matrix);
  storeChannel<Sample>(chroma, 0, 2, frame.planes[2], x, y, samples, matrix);
}

template <bool kAlpha, class Sample>
void storeAlpha(Plane& plane, const Strip& strip, int at, int x, int y, int count, float scale) {
  Sample* to = rowOf<Sample>(plane, y) + x;
  const auto maxCode = static_cast<float>(plane.maxCode);
  if constexpr (kAlpha) return storeScaled(strip.a + at, to, count, scale, maxCode);
  const Sample opaque = toSample<Sample>(scale, maxCode);
  for (int i = 0; i < count; i++) to[i] = opaque;
}

template <bool kAlpha, class Sample>
void storeYuv(const PointProgram& program, const StripRows& strips) {
  Frame frame = program.output;
  const LayoutInfo& layout = layoutOf(frame);
  const PackedMatrix* matrix = program.storeIsIdentity ? nullptr : &program.store;
  for (int i = 0; i < strips.rowCount; i++) {
    const Strip& row = *strips.rows[i];
    storeChannel<Sample>(row, strips.lead, 0, frame.planes[0], strips.x, strips.y + i, strips.count, matrix);
    if (layout.alpha)
      storeAlpha<kAlpha, Sample>(frame.planes[3], row, strips.lead, strips.x, strips.y + i, strips.count,
                                 program.store.alpha);
  }
  if (layout.planes > 1) storeChroma<Sample>(frame, strips, matrix);
}

template <bool kAlpha>
void storeStrips(const PointProgram& program, const StripRows& strips) {
  Plane plane = program.output.planes[0];
  if (layoutOf(program.output).yuv)
    return forElement(plane.element, [&]<class Sample>()
                                         __attribute__((always_inline)) { storeYuv<kAlpha, Sample>(program, strips); });
  if (program.storeIsIdentity)
    storeRgba<kAlpha, false>(plane, *strips.rows[0], strips.x, strips.y, strips.count, program.store);
  else
    storeRgba<kAlpha, true>(plane, *strips.rows[0], strips.x, strips.y, strips.count, program.store);
}

/// To both outputs. The second one's bytes are made of the floats that the first one holds.
template <bool kAlpha>
void storeTwice(const PointProgram& program, Strip& strip, int x, int y, int count) {
  constexpr PackedMatrix kCodes{{255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0}, 255};
  Plane first = program.output.planes[0], second = program.second;
  const auto store = [&](Plane& plane) __attribute__((always_inline)) {
    if (program.storeIsIdentity)
      storeRgba<kAlpha, false>(plane, strip, x, y, count, program.store);
    else
      storeRgba<kAlpha, true>(plane, strip, x, y, count, program.store);
  };
  store(first);
  if (first.element == second.element) return store(second);
  if (!program.storeIsIdentity) applyMatrix<kAlpha>(strip, 0, count, program.store);
  storeRgba<kAlpha, true>(second, strip, x, y, count, kCodes);
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
