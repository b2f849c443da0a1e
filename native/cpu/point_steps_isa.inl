// One vector loop for each point operation of the registry, with and without alpha.
#pragma once
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

template <class Op, bool kAlpha>
void runPoint(const StripContext& context, const PointStep& step, Strip& strip) {
  const typename Op::Kernel kernel = step.as<typename Op::Kernel>();
  const float y = static_cast<float>(context.y);
  const int count = paddedCount(context.count), x = context.x;
  if constexpr (HasHalves<Op>) {
    runHalves<Op, kAlpha>(strip, count, kernel);
  } else if constexpr (std::is_same_v<Op, ToneMap>) {
    toneMapStrip(strip, count, kernel);
  } else {
    forEachPixel<kAlpha>(strip, count, [&](Pixel p, int i) __attribute__((always_inline)) {
      return Op::apply(p, {static_cast<float>(x + i), y}, kernel);
    });
  }
}

/// `base` is the first pixel of the overlap in the strip, `source` holds the overlap from its first
/// pixel on.
template <class Op, bool kAlpha>
FL_HD void combine(Strip& __restrict strip, int base, const Strip& __restrict source, int count,
                   const typename Op::Kernel& kernel) {
  float* __restrict r = strip.r + base;
  float* __restrict g = strip.g + base;
  float* __restrict b = strip.b + base;
  float* __restrict a = strip.a + base;
  for (int i = 0; i < count; i++) {
    const Pixel pixel = {r[i], g[i], b[i], kAlpha ? a[i] : 1.0f};
    const Pixel result = Op::apply(pixel, {source.r[i], source.g[i], source.b[i], source.a[i]}, kernel);
    r[i] = result.r;
    g[i] = result.g;
    b[i] = result.b;
    if constexpr (kAlpha) a[i] = result.a;
  }
}

/// A constant mode leaves no switch in the loop, so that it vectorises.
template <Blend::Mode kMode, bool kAlpha>
void blendMode(Strip& strip, int base, const Strip& source, int count, float opacity) {
  combine<Blend, kAlpha>(strip, base, source, count, {kMode, opacity});
}

template <class Op, bool kAlpha>
void combineStrips(Strip& strip, int base, const Strip& source, int count, const typename Op::Kernel& kernel) {
  if constexpr (std::is_same_v<Op, Blend>) {
    using Mode = Blend::Mode;
    constexpr decltype(&blendMode<Mode::normal, kAlpha>) modes[] = {
        blendMode<Mode::normal, kAlpha>,   blendMode<Mode::multiply, kAlpha>, blendMode<Mode::screen, kAlpha>,
        blendMode<Mode::add, kAlpha>,      blendMode<Mode::overlay, kAlpha>,  blendMode<Mode::softLight, kAlpha>,
        blendMode<Mode::hardLight, kAlpha>};
    modes[static_cast<int>(kernel.mode)](strip, base, source, count, kernel.opacity);
  } else {
    combine<Op, kAlpha>(strip, base, source, count, kernel);
  }
}

template <class Op, bool kAlpha>
void runSource(const StripContext& context, const PointStep& step, Strip& strip) {
  const SourceView& view = context.program.sources[step.source];
  const int y = context.y - view.y;
  const int first = larger(context.x, view.x), last = smaller(context.x + context.count, view.x + view.plane.width);
  if (y < 0 || y >= view.plane.height || first >= last) return;
  Strip source;
  unpackRgba<true>(view.plane, source, first - view.x, y, 0, last - first);
  if (view.plane.element == Element::u8) {
    constexpr float k = 1.0f / 255;
    applyMatrix<true>(source, 0, last - first, {{k, 0, 0, 0, 0, k, 0, 0, 0, 0, k, 0}, k});
  }
  combineStrips<Op, kAlpha>(strip, first - context.x, source, last - first, step.as<typename Op::Kernel>());
}

template <class Op, bool kAlpha>
void runTable(const StripContext& context, const PointStep& step, Strip& strip) {
  const typename Op::Kernel kernel = step.as<typename Op::Kernel>();
  const Table table{context.program.sources[step.source].plane.data};
  if constexpr (std::is_same_v<Op, Lut3d>) {
    if (kernel.mode != Lut3d::Mode::curves) return lookUpStrip(strip, context.count, table, kernel);
  }
  forEachPixel<kAlpha>(strip, context.count,
                       [&](Pixel p, int) __attribute__((always_inline)) { return Op::apply(p, table, kernel); });
}

/// Indexed by PointId.
template <bool kAlpha>
constexpr StepFunction kSteps[] = {
#define FL_POINT(Struct, name) runPoint<Struct, kAlpha>,
#define FL_SOURCE(Struct, name) runSource<Struct, kAlpha>,
#define FL_TABLE(Struct, name) runTable<Struct, kAlpha>,
#include "registry.def"
};

}  // namespace
}  // namespace framelane::cpu::FL_ISA
