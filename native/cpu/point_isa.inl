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

template <bool kAlpha>
void stripRows(const PointProgram& program, int y0, int y1) {
  const int group = 1 << layoutOf(program.output).subsampleY;
  const int width = program.output.shape.width;
  Strip strips[2] = {};  // zeros, so that the padding behind a short strip is never a slow denormal
  for (int y = y0; y < y1; y += group)
    for (int x = 0; x < width; x += kStrip) {
      const int count = smaller(kStrip, width - x), rows = smaller(group, y1 - y);
      for (int i = 0; i < rows; i++) {
        loadStrip<kAlpha>(program, strips[i], x, y + i, count);
        runSteps<kAlpha>({program, x, y + i, count}, strips[i]);
      }
      storeStrips<kAlpha>(program, strips, rows, x, y, count);
    }
}

}  // namespace

void pointRows(const PointProgram& program, int y0, int y1) {
  if (isPlanarAffine(program))
    planarAffineRows(program, y0, y1);
  else if (program.opaque)
    stripRows<false>(program, y0, y1);
  else
    stripRows<true>(program, y0, y1);
}

}  // namespace framelane::cpu::FL_ISA
