// One vector loop for each point operation of the registry, with and without alpha.
#pragma once
#include <utility>

#include "cpu/custom.hpp"
#include "cpu/lut3d_isa.inl"
#include "cpu/strip_load_isa.inl"
#include "cpu/tone_map_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

using StepFunction = void (*)(const StripContext&, const PointStep&, Strip&);

/// Whole vectors: what lies in the strip behind `count` is computed too, and never stored.
FL_HD int paddedCount(int count) { return (count + 15) & ~15; }

/// One loop: pixel = body(pixel, index in the strip).
template <bool kAlpha, class Body>
FL_HD void forEachPixel(Strip& __restrict strip, int count, const Body& body) {
  for (int i = 0; i < count; i++) {
    const Pixel result = body(Pixel{strip.r[i], strip.g[i], strip.b[i], kAlpha ? strip.a[i] : 1.0f}, i);
    strip.r[i] = result.r;
    strip.g[i] = result.g;
    strip.b[i] = result.b;
    if constexpr (kAlpha) strip.a[i] = result.a;
  }
}

template <class Op>
concept HasHalves = requires { &Op::firstHalf; };

/// A chain of 50 cycles and 40 instructions fills the core's window three times over: gamma takes 56 cycles for 8 pixels in
/// one loop (Zen 3), 45 in two; hue 27 and 19.
template <class Halves, bool kAlpha, class Kernel>
void runHalves(Strip& strip, int count, const Kernel& kernel) {
  forEachPixel<kAlpha>(strip, count,
                       [&](Pixel p, int) __attribute__((always_inline)) { return Halves::firstHalf(p, kernel); });
  forEachPixel<kAlpha>(strip, count,
                       [&](Pixel p, int) __attribute__((always_inline)) { return Halves::secondHalf(p, kernel); });
}

/// An op whose file has a function for whole strips: stripOf(Op*, strip, count, kernel), or with a table before the kernel.
/// Where that returns a bool, false leaves the strip to the loop over pixels.
template <class Op>
concept HasStrip = requires(Strip& strip, const typename Op::Kernel& kernel) {
  stripOf(static_cast<Op*>(nullptr), strip, 0, kernel);
};
template <class Op>
concept HasTableStrip = requires(Strip& strip, const Table& table, const typename Op::Kernel& kernel) {
  stripOf(static_cast<Op*>(nullptr), strip, 0, table, kernel);
};

template <class Op, bool kAlpha>
void runPixels(const StripContext& context, const PointStep& step, Strip& strip) {
  const typename Op::Kernel kernel = step.as<typename Op::Kernel>();
  const float y = static_cast<float>(context.y);
  const int count = paddedCount(context.count), x = context.x;
  if constexpr (HasHalves<Op>) {
    runHalves<Op, kAlpha>(strip, count, kernel);
  } else if constexpr (HasStrip<Op>) {
    stripOf(static_cast<Op*>(nullptr), strip, count, kernel);
  } else {
    forEachPixel<kAlpha>(strip, count, [&](Pixel p, int i) __attribute__((always_inline)) {
      return Op::apply(p, {static_cast<float>(x + i), y}, kernel);
    });
  }
}

template <class Op, bool kAlpha>
void runTable(const StripContext& context, const PointStep& step, Strip& strip) {
  const typename Op::Kernel kernel = step.as<typename Op::Kernel>();
  const Table table{context.program.sources[step.source].plane.data};
  if constexpr (HasTableStrip<Op>) {
    if (stripOf(static_cast<Op*>(nullptr), strip, context.count, table, kernel)) return;
  }
  forEachPixel<kAlpha>(strip, context.count,
                       [&](Pixel p, int) __attribute__((always_inline)) { return Op::apply(p, table, kernel); });
}

/// `base` is the first pixel of the overlap in the strip; operands hold the overlap from its first pixel on.
template <bool kAlpha, class Body>
FL_HD void combine(Strip& __restrict strip, int base, int count, const Body& body) {
  float* __restrict r = strip.r + base;
  float* __restrict g = strip.g + base;
  float* __restrict b = strip.b + base;
  float* __restrict a = strip.a + base;
  for (int i = 0; i < count; i++) {
    const Pixel result = body(Pixel{r[i], g[i], b[i], kAlpha ? a[i] : 1.0f}, i);
    r[i] = result.r;
    g[i] = result.g;
    b[i] = result.b;
    if constexpr (kAlpha) a[i] = result.a;
  }
}

FL_HD Pixel straightAt(const Strip& strip, int i) { return {strip.r[i], strip.g[i], strip.b[i], strip.a[i]}; }

template <class Op, bool kAlpha, int kVariant>
void combineVariant(Strip& strip, int base, const Strip& source, int count, const typename Op::Kernel& kernel) {
  const typename Op::Kernel k = kernel;
  combine<kAlpha>(strip, base, count, [&](Pixel p, int i) __attribute__((always_inline)) {
    return Op::template applyVariant<kVariant>(p, straightAt(source, i), k);
  });
}

template <class Op, bool kAlpha, int... kVariant>
void combineVariants(std::integer_sequence<int, kVariant...>, Strip& strip, int base, const Strip& source, int count,
                     const typename Op::Kernel& kernel) {
  constexpr decltype(&combineVariant<Op, kAlpha, 0>) variants[] = {combineVariant<Op, kAlpha, kVariant>...};
  variants[Op::variant(kernel)](strip, base, source, count, kernel);
}

template <class Op, bool kAlpha>
void combineSource(Strip& strip, int base, const Strip& source, int count, const typename Op::Kernel& kernel) {
  if constexpr (HasVariants<Op>) {
    combineVariants<Op, kAlpha>(std::make_integer_sequence<int, Op::kVariants>{}, strip, base, source, count, kernel);
  } else {
    combine<kAlpha>(strip, base, count, [&](Pixel p, int i) __attribute__((always_inline)) {
      return Op::apply(p, straightAt(source, i), kernel);
    });
  }
}

/// The pixels of the strip that an operand covers.
struct Overlap {
  int first, last;  // columns of the frame
  bool empty() const { return first >= last; }
};

FL_HD Overlap overlapOf(const StripContext& context, const SourceView& view) {
  const int y = context.y - view.y;
  if (y < 0 || y >= view.plane.height) return {0, 0};
  return {larger(context.x, view.x), smaller(context.x + context.count, view.x + view.plane.width)};
}

void readOperand(const StripContext& context, const SourceView& view, Overlap at, Strip& operand) {
  const int count = at.last - at.first;
  unpackRgba<true>(view.plane, operand, at.first - view.x, context.y - view.y, 0, count);
  if (view.plane.element == Element::f32) return;
  const float k = 1.0f / static_cast<float>(view.plane.maxCode);
  applyMatrix<true>(operand, 0, count, {{k, 0, 0, 0, 0, k, 0, 0, 0, 0, k, 0}, k});
}

template <class Op, bool kAlpha>
void runSource(const StripContext& context, const PointStep& step, Strip& strip) {
  const SourceView& view = context.program.sources[step.source];
  const Overlap at = overlapOf(context, view);
  if (at.empty()) return;
  Strip source;
  readOperand(context, view, at, source);
  combineSource<Op, kAlpha>(strip, at.first - context.x, source, at.last - at.first, step.as<typename Op::Kernel>());
}

/// Where the mask does not reach nothing changes.
template <class Op, bool kAlpha>
void runMasked(const StripContext& context, const PointStep& step, Strip& strip) {
  const SourceView *views = context.program.sources + step.source;
  const Overlap source = overlapOf(context, views[0]), mask = overlapOf(context, views[1]);
  const Overlap at = {larger(source.first, mask.first), smaller(source.last, mask.last)};
  if (source.empty() || mask.empty() || at.empty()) return;
  Strip changed, covering;
  readOperand(context, views[0], at, changed);
  readOperand(context, views[1], at, covering);
  const typename Op::Kernel kernel = step.as<typename Op::Kernel>();
  combine<kAlpha>(strip, at.first - context.x, at.last - at.first, [&](Pixel p, int i) __attribute__((always_inline)) {
    return Op::apply(p, straightAt(changed, i), straightAt(covering, i), kernel);
  });
}

/// Short runs: what lies in the strip behind `count` is computed too, as with paddedCount.
template <bool kAlpha>
void runCode(const StripContext& context, const PointStep& step, Strip& strip) {
  static_assert(kStrip <= kMostOfRun);
  CustomRun run{};
  run.kernel = &step.as<custom::Kernel>();
  run.code = static_cast<const uint32_t*>(context.program.sources[step.source].plane.data);
  float* const channels[4] = {strip.r, strip.g, strip.b, strip.a};
  for (int i = 0; i < 4; i++) run.outputs[i] = channels[i];
  for (int i = 0; i < (kAlpha ? 4 : 3); i++) run.inputs[i] = channels[i];
  run.x = static_cast<float>(context.x);
  run.y = static_cast<float>(context.y);
  run.count = paddedCount(context.count);
  runCustom(run);
}

template <class Op, bool kAlpha>
void runPoint(const StripContext& context, const PointStep& step, Strip& strip) {
  if constexpr (TakesMask<Op>)
    runMasked<Op, kAlpha>(context, step, strip);
  else if constexpr (TakesSource<Op>)
    runSource<Op, kAlpha>(context, step, strip);
  else if constexpr (TakesTable<Op>)
    runTable<Op, kAlpha>(context, step, strip);
  else
    runPixels<Op, kAlpha>(context, step, strip);
}

/// Indexed by PointId.
template <bool kAlpha>
constexpr StepFunction kSteps[] = {
#define FL_POINT(Struct, name) runPoint<Struct, kAlpha>,
#define FL_CODED_POINT(Struct, name) runCode<kAlpha>,
#include "ops/registry.def"
};

}  // namespace
}  // namespace framelane::cpu::FL_ISA
