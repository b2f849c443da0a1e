// A planar frame through one matrix to a planar frame of the same layout: what is left of a pass
// when the planner has folded every step. Luma keeps its resolution and chroma its own, so nothing
// is replicated and averaged again: 1.5 samples a pixel in and out for 4:2:0.
#pragma once
#include "cpu/strip_load_isa.inl"
#include "cpu/strip_store_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

bool isPlanarAffine(const PointProgram& program) {
  const View& view = program.view;
  const bool sameLayout = layoutOf(program.input).yuv &&
                          program.input.shape.format.layout == program.output.shape.format.layout &&
                          program.chroma == ChromaGrid::kept;
  const bool wholeInput = view.x == 0 && view.y == 0 && !view.flipX && !view.flipY &&
                          program.input.shape.width == program.output.shape.width &&
                          program.input.shape.height == program.output.shape.height;
  return sameLayout && wholeInput && program.readsInput && program.stepCount == 0 &&
         (program.loadIsIdentity || program.storeIsIdentity);
}

/// The strip's planes as floats, at their own resolution, and what each adds to the others.
struct PlanarStrip {
  alignas(64) float luma[2][kStrip];
  alignas(64) float meanLuma[kStrip];
  alignas(64) float u[kStrip], v[kStrip];
  alignas(64) float fromChroma[kStrip];  // chroma's part of luma, one for each chroma sample
  alignas(64) float lumaOffset[kStrip];  // the same, one for each luma sample
};

template <class Sample>
void scaleRow(const float* __restrict from, const float* __restrict offset, float scale, Sample* __restrict to,
              int count, float maxCode) {
  for (int i = 0; i < count; i++) to[i] = toSample<Sample>(scale * from[i] + offset[i], maxCode);
}

/// Columns x..x+count-1 of a plane's row, converted.
template <class In, class Out>
void convertRow(const Plane& input, Plane& output, int x, int y, int count) {
  alignas(64) float samples[kStrip];
  widen(rowOf<In>(input, y) + x, samples, count);
  storeSamples(samples, rowOf<Out>(output, y) + x, count, static_cast<float>(output.maxCode));
}

/// The same, multiplied.
template <class In, class Out>
void scalePlaneRow(const Plane& input, Plane& output, int x, int y, int count, float scale) {
  alignas(64) float samples[kStrip];
  widen(rowOf<In>(input, y) + x, samples, count);
  storeScaled(samples, rowOf<Out>(output, y) + x, count, scale, static_cast<float>(output.maxCode));
}

/// The rows y..y+rows-1 that share chroma, columns x..x+count-1. Without a matrix only the element
/// changes.
template <class In, class Out>
void planarAffineStrip(const Frame& input, Frame& output, const PackedMatrix* matrix, int x, int y, int rows,
                       int count) {
  const LayoutInfo& layout = layoutOf(output);
  const int row = y >> layout.subsampleY, column = x >> layout.subsampleX;
  const int samples = (count + layout.subsampleX) >> layout.subsampleX;
  if (layout.alpha)
    for (int i = 0; i < rows; i++)
      scalePlaneRow<In, Out>(input.planes[3], output.planes[3], x, y + i, count, matrix ? matrix->alpha : 1.0f);
  if (!matrix) {
    for (int i = 0; i < rows; i++) convertRow<In, Out>(input.planes[0], output.planes[0], x, y + i, count);
    for (int i = 1; i <= 2 && i < layout.planes; i++)
      convertRow<In, Out>(input.planes[i], output.planes[i], column, row, samples);
    return;
  }
  const float* k = matrix->m;
  const auto maxCode = static_cast<float>(output.planes[0].maxCode);
  PlanarStrip strip;
  for (int i = 0; i < rows; i++) widen(rowOf<In>(input.planes[0], y + i) + x, strip.luma[i], count);

  if (layout.planes == 1) {
    fill(strip.lumaOffset, count, neutralChroma(input) * (k[1] + k[2]) + k[3]);
  } else {
    widen(rowOf<In>(input.planes[1], row) + column, strip.u, samples);
    widen(rowOf<In>(input.planes[2], row) + column, strip.v, samples);
    for (int i = 0; i < samples; i++) strip.fromChroma[i] = k[1] * strip.u[i] + k[2] * strip.v[i] + k[3];
    if (layout.subsampleX == 1)
      doubleSamples(strip.fromChroma, strip.lumaOffset, 0, count);
    else
      widen(strip.fromChroma, strip.lumaOffset, count);
    // Folding leaves 1e-17 where gray stays gray; a weight of 1e-7 moves chroma by 3e-5 codes.
    if (absf(k[4]) > 1e-7f || absf(k[8]) > 1e-7f)
      meanOfBlocks(strip.meanLuma, strip.luma[0], strip.luma[rows - 1], count, layout.subsampleX);
    else
      fill(strip.meanLuma, samples, 0);
    storeRow(strip.meanLuma, strip.u, strip.v, rowOf<Out>(output.planes[1], row) + column, samples, k + 4, maxCode);
    storeRow(strip.meanLuma, strip.u, strip.v, rowOf<Out>(output.planes[2], row) + column, samples, k + 8, maxCode);
  }
  for (int i = 0; i < rows; i++)
    scaleRow(strip.luma[i], strip.lumaOffset, k[0], rowOf<Out>(output.planes[0], y + i) + x, count, maxCode);
}

void planarAffineRows(const PointProgram& program, int y0, int y1) {
  const Frame input = program.input;
  Frame output = program.output;
  const PackedMatrix* matrix = !program.storeIsIdentity  ? &program.store
                               : !program.loadIsIdentity ? &program.load
                                                         : nullptr;
  const int group = 1 << layoutOf(output).subsampleY, width = output.shape.width;
  forElement(input.planes[0].element, [&]<class In>() __attribute__((always_inline)) {
    forElement(output.planes[0].element, [&]<class Out>() __attribute__((always_inline)) {
      for (int y = y0; y < y1; y += group)
        for (int x = 0; x < width; x += kStrip)
          planarAffineStrip<In, Out>(input, output, matrix, x, y, smaller(group, y1 - y), smaller(kStrip, width - x));
    });
  });
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
