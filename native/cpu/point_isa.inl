// The strip executor of fused passes, compiled once per instruction set by point_<isa>.cpp, which
// define FL_ISA. Everything but the entry point has internal linkage: an inline function shared
// with the rest of the program could be linked in the version of this unit, and crash machines
// without its instructions.
#if defined(__GNUC__) && !defined(__clang__)
// GCC threads jumps through minf(maxf(...)) before it vectorises, and gets three comparisons and
// blends for two instructions: hue 1.8 times as slow.
#pragma GCC optimize("no-thread-jumps")
#endif

#include "cpu/kernels.hpp"
#include "cpu/planar_affine_isa.inl"
#include "cpu/point_steps_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

template <bool kAlpha>
void runSteps(const StripContext& context, Strip& strip) {
  const PointProgram& program = context.program;
  for (int i = 0; i < program.stepCount; i++) kSteps<kAlpha>[program.steps[i].id](context, program.steps[i], strip);
}

/// Pixels x..x+count-1 of row y after the last step.
template <bool kAlpha>
void makeStrip(const PointProgram& program, Strip& strip, int x, int y, int count) {
  loadStrip<kAlpha>(program, strip, x, y, count);
  runSteps<kAlpha>({program, x, y, count}, strip);
}

template <bool kAlpha>
void stripRows(const PointProgram& program, int y0, int y1) {
  const int group = 1 << layoutOf(program.output).subsampleY;
  const int width = program.output.shape.width;
  Strip strips[2] = {};  // zeros, so that the padding behind a short strip is never a slow denormal
  for (int y = y0; y < y1; y += group)
    for (int x = 0; x < width; x += kStrip) {
      const int count = smaller(kStrip, width - x), rows = smaller(group, y1 - y);
      for (int i = 0; i < rows; i++) makeStrip<kAlpha>(program, strips[i], x, y + i, count);
      if (program.second.data)
        storeTwice<kAlpha>(program, strips[0], x, y, count);
      else
        storeStrips<kAlpha>(program, {{strips, strips + 1}, rows, x, y, count});
    }
}

/// For chroma samples that lie on a pixel, whose filter reaches the pixel before. Strips begin one pixel early; they go down
/// the columns, so that the row before is the one that has just been made.
template <bool kAlpha>
void cositedColumns(const PointProgram& program, Strip* strips, int y0, int y1) {
  constexpr int kStep = kStrip - 2;
  const int group = 1 << layoutOf(program.output).subsampleY;
  const int width = program.output.shape.width;
  const bool rowsToo = isCositedY(program.output);
  for (int x = 0; x < width; x += kStep) {
    const int lead = x > 0 ? 1 : 0, count = smaller(kStep, width - x);
    Strip *first = strips, *second = strips + 1, *above = strips + 2;
    if (rowsToo && y0 > 0) makeStrip<kAlpha>(program, *above, x - lead, y0 - 1, lead + count);
    for (int y = y0; y < y1; y += group) {
      const int rows = smaller(group, y1 - y);
      makeStrip<kAlpha>(program, *first, x - lead, y, lead + count);
      if (rows == 2) makeStrip<kAlpha>(program, *second, x - lead, y + 1, lead + count);
      const Strip* before = !rowsToo ? nullptr : y > 0 ? above : first;
      storeStrips<kAlpha>(program, {{first, second}, rows, x, y, count, true, lead, before});
      Strip* const free = above;
      above = second;
      second = free;
    }
  }
}

template <bool kAlpha>
void cositedStripRows(const PointProgram& program, int y0, int y1) {
  Strip strips[3] = {};
  // Where no row before is needed, along the rows: memory likes that better.
  const int step = isCositedY(program.output) ? y1 - y0 : 1 << layoutOf(program.output).subsampleY;
  for (int y = y0; y < y1; y += step) cositedColumns<kAlpha>(program, strips, y, smaller(y + step, y1));
}

template <bool kAlpha>
void anyStripRows(const PointProgram& program, int y0, int y1) {
  if (program.chroma == ChromaGrid::resampled && isCositedX(program.output))
    cositedStripRows<kAlpha>(program, y0, y1);
  else
    stripRows<kAlpha>(program, y0, y1);
}

}  // namespace

void pointRows(const PointProgram& program, int y0, int y1) {
  if (isPlanarAffine(program))
    planarAffineRows(program, y0, y1);
  else if (program.opaque)
    anyStripRows<false>(program, y0, y1);
  else
    anyStripRows<true>(program, y0, y1);
}

}  // namespace framelane::cpu::FL_ISA
