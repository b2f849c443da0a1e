// Strips to samples of the output.
#pragma once
#include "cpu/strip_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

// The identity is left out, not multiplied by: 0 * NaN would spread a channel's NaN to the others.
template <bool kAlpha, bool kMatrix>
FL_HD Pixel storedPixel(const Strip& strip, int i, const PackedMatrix& matrix) {
  const Pixel p = {strip.r[i], strip.g[i], strip.b[i], kAlpha ? strip.a[i] : 1.0f};
  return kMatrix ? ColorMatrixStep::apply(p, {}, matrix) : p;
}

template <bool kAlpha, bool kMatrix>
void storeRgba8(const Strip& __restrict strip, uint8_t* __restrict to, int count, const PackedMatrix& matrix) {
  const PackedMatrix k = matrix;
  for (int i = 0; i < count; i++) {
    const Pixel p = storedPixel<kAlpha, kMatrix>(strip, i, k);
    const uint32_t pixel = static_cast<uint32_t>(quantise(p.r)) | static_cast<uint32_t>(quantise(p.g)) << 8 |
                           static_cast<uint32_t>(quantise(p.b)) << 16 | static_cast<uint32_t>(quantise(p.a)) << 24;
    std::memcpy(to + 4 * i, &pixel, 4);
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
    storeRgba8<kAlpha, kMatrix>(strip, rowOf<uint8_t>(plane, y) + 4 * x, count, matrix);
  else
    storeRgbaF32<kAlpha, kMatrix>(strip, rowOf<float>(plane, y) + 4 * x, count, matrix);
}

template <class Sample>
void storeSamples(const float* __restrict from, Sample* __restrict to, int count) {
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(from[i]);
}

/// One row of a matrix.
template <class Sample>
void storeRow(const float* __restrict r, const float* __restrict g, const float* __restrict b, Sample* __restrict to,
              int count, const float* row) {
  const float kr = row[0], kg = row[1], kb = row[2], offset = row[3];
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(kr * r[i] + kg * g[i] + kb * b[i] + offset);
}

/// One output channel; without a matrix it is the strip's.
template <class Sample>
void storeChannel(const Strip& strip, int channel, Sample* to, int count, const PackedMatrix* matrix) {
  if (matrix)
    storeRow(strip.r, strip.g, strip.b, to, count, matrix->m + 4 * channel);
  else
    storeSamples(channel == 0 ? strip.r : channel == 1 ? strip.g : strip.b, to, count);
}

/// Means of the blocks that a chroma sample covers. `below` is `above` again where there is no
/// second row; a last column without a neighbour counts twice.
void meanOfBlocks(float* __restrict mean, const float* above, const float* below, int count, int subsampleX) {
  if (subsampleX == 0) {
    for (int i = 0; i < count; i++) mean[i] = 0.5f * (above[i] + below[i]);
    return;
  }
  for (int i = 0; i < count / 2; i++)
    mean[i] = 0.25f * ((above[2 * i] + above[2 * i + 1]) + (below[2 * i] + below[2 * i + 1]));
  if (count % 2 == 1) mean[count / 2] = 0.5f * (above[count - 1] + below[count - 1]);
}

/// Both chroma planes under one row or a pair of rows. The matrix is affine, so it may follow the
/// mean.
template <class Sample>
void storeChroma(Frame& frame, const Strip& above, const Strip& below, int x, int y, int count,
                 const PackedMatrix* matrix) {
  const FormatInfo& format = layoutOf(frame);
  const int row = y >> format.subsampleY, column = x >> format.subsampleX;
  Sample* u = rowOf<Sample>(frame.planes[1], row) + column;
  Sample* v = rowOf<Sample>(frame.planes[2], row) + column;
  if (format.subsampleX == 0 && format.subsampleY == 0) {
    storeChannel(above, 1, u, count, matrix);
    storeChannel(above, 2, v, count, matrix);
    return;
  }
  Strip mean;
  if (matrix) meanOfBlocks(mean.r, above.r, below.r, count, format.subsampleX);
  meanOfBlocks(mean.g, above.g, below.g, count, format.subsampleX);
  meanOfBlocks(mean.b, above.b, below.b, count, format.subsampleX);
  const int samples = (count + format.subsampleX) >> format.subsampleX;
  storeChannel(mean, 1, u, samples, matrix);
  storeChannel(mean, 2, v, samples, matrix);
}

template <class Sample>
void storeYuv(Frame& frame, const Strip* strips, int rows, int x, int y, int count, const PackedMatrix* matrix) {
  for (int i = 0; i < rows; i++) storeChannel(strips[i], 0, rowOf<Sample>(frame.planes[0], y + i) + x, count, matrix);
  if (layoutOf(frame).planes == 3) storeChroma<Sample>(frame, strips[0], strips[rows - 1], x, y, count, matrix);
}

/// One strip, or the two of a row pair, at (x, y) of the output.
template <bool kAlpha>
void storeStrips(const PointProgram& program, const Strip* strips, int rows, int x, int y, int count) {
  Frame output = program.output;
  Plane& plane = output.planes[0];
  if (!layoutOf(output).yuv) {
    if (program.storeIsIdentity)
      storeRgba<kAlpha, false>(plane, strips[0], x, y, count, program.store);
    else
      storeRgba<kAlpha, true>(plane, strips[0], x, y, count, program.store);
    return;
  }
  const PackedMatrix* matrix = program.storeIsIdentity ? nullptr : &program.store;
  if (plane.element == Element::u8)
    storeYuv<uint8_t>(output, strips, rows, x, y, count, matrix);
  else
    storeYuv<float>(output, strips, rows, x, y, count, matrix);
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
