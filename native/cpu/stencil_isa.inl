// The stencils' executor. A tile's rows stream through a ring as high as a window; for every row of results the op is
// one loop over x, which the compiler vectorises.
#pragma once
#include "cpu/custom.hpp"
#include "cpu/stencil_rows_isa.inl"
#include "ops/all.hpp"

namespace framelane::cpu::FL_ISA {
namespace {

/// What the pixels of a tile are.
enum class StencilPixels { oneChannel, opaque, straightAlpha };

/// The rows around row y of a tile, from its first column on.
template <int kReach, StencilPixels kPixels>
struct StencilWindow {
  const float* const* rows;
  int x;
  FL_HD Pixel operator()(int dx, int dy) const {
    const float* const at = rows[dy + kReach] + x + dx;
    constexpr int plane = stencilPlaneFloats(4);
    if constexpr (kPixels == StencilPixels::oneChannel) return {at[0], at[0], at[0], 1.0f};
    return {at[0], at[plane], at[2 * plane], kPixels == StencilPixels::opaque ? 1.0f : at[3 * plane]};
  }
};

FL_HD Pixel straight(Pixel p) {
  const bool visible = p.a >= 1e-6f;
  const float inverse = visible ? 1.0f / p.a : 0.0f;
  return {p.r * inverse, p.g * inverse, p.b * inverse, visible ? p.a : 0.0f};
}

template <class Op, StencilPixels kPixels>
void stencilRow(const float* const* rowsAround, float* __restrict to, int x0, int y, int count, const Stencil& stencil) {
  constexpr int plane = stencilPlaneFloats(4);
  const typename Op::Kernel kernel = stencil.step.as<typename Op::Kernel>();
  const float* rows[2 * Op::kReach + 1];  // of its own, so that the compiler keeps them in registers
  for (int i = 0; i < 2 * Op::kReach + 1; i++) rows[i] = rowsAround[i];
  const int padded = (count + 15) & ~15;
  for (int x = 0; x < padded; x++) {
    const StencilWindow<Op::kReach, kPixels> window{rows, x};
    Pixel result = Op::apply(window, {static_cast<float>(x0 + x), static_cast<float>(y)}, kernel);
    if constexpr (kPixels == StencilPixels::oneChannel) {
      to[x] = result.r;
    } else {
      if constexpr (kPixels == StencilPixels::straightAlpha) result = straight(result);
      to[x] = result.r;
      to[plane + x] = result.g;
      to[2 * plane + x] = result.b;
      to[3 * plane + x] = result.a;
    }
  }
}

/// Custom stencils work on RGBA only: they declare no kPlanar.
template <StencilPixels kPixels>
void codedRow(const float* const* rowsAround, float* __restrict to, int x0, int y, int count, const Stencil& stencil) {
  constexpr int plane = stencilPlaneFloats(4), middle = kMaxReach;
  constexpr int channels = kPixels == StencilPixels::straightAlpha ? 4 : 3;
  CustomRun run{};
  run.kernel = &stencil.step.as<custom::Kernel>();
  const bool divides = channels == 4 || run.kernel->shape.writesAlpha();
  run.code = static_cast<const uint32_t*>(stencil.code);
  run.y = static_cast<float>(y);
  run.reach = stencil.reach;
  run.plane = plane;
  for (int x = 0; x < count; x += kMostOfRun) {
    const float* rows[2 * middle + 1];
    for (int i = 0; i < 2 * stencil.reach + 1; i++) rows[i] = rowsAround[i] + x;
    run.rows = rows;
    run.x = static_cast<float>(x0 + x);
    run.count = (smaller(count - x, kMostOfRun) + 15) & ~15;
    for (int c = 0; c < 4; c++) {
      run.outputs[c] = to + c * plane + x;
      if (c < channels) run.inputs[c] = rows[stencil.reach] + c * plane;
      for (int i = 0; i < run.count; i++) run.outputs[c][i] = c < channels ? run.inputs[c][i] : 1.0f;
    }
    runCustom(run);
    if (!divides) continue;
    for (int i = 0; i < run.count; i++) {
      float* const at = to + x + i;
      const Pixel p = straight({at[0], at[plane], at[2 * plane], at[3 * plane]});
      at[0] = p.r;
      at[plane] = p.g;
      at[2 * plane] = p.b;
      at[3 * plane] = p.a;
    }
  }
}

using StencilRow = void (*)(const float* const*, float*, int, int, int, const Stencil&);

/// Indexed by StencilId.
template <StencilPixels kPixels>
constexpr StencilRow kStencilRows[] = {
#define FL_STENCIL(Struct, name) stencilRow<Struct, kPixels>,
#define FL_CODED_STENCIL(Struct, name) codedRow<kPixels>,
#include "ops/registry.def"
};

template <class In, class Out, int kChannels, StencilPixels kPixels>
void stencilTileOf(const StencilTask& task, float* scratch, int x0, int x1, int y0, int y1) {
  constexpr bool kAlpha = kPixels == StencilPixels::straightAlpha;
  constexpr int rowFloats = kChannels * stencilPlaneFloats(kChannels);
  const int reach = task.stencil.reach, height = task.input.height, ring = 2 * reach + 1;
  const StencilRow run = kStencilRows<kPixels>[task.stencil.step.id];
  float* const result = scratch + ring * rowFloats + kStencilMargin;
  const auto maxCode = static_cast<float>(task.output.maxCode);
  const auto rowAt = [&](int y) { return scratch + y % ring * rowFloats + kStencilMargin; };

  int loaded = larger(y0 - reach, 0);
  for (int y = y0; y < y1; y++) {
    for (; loaded <= smaller(y + reach, height - 1); loaded++)
      loadStencilRow<In, kChannels, kAlpha>(rowOf<const In>(task.input, loaded), task.input.width, x0 - reach,
                                            x1 - x0 + 2 * reach, rowAt(loaded) - reach);
    const float* rows[2 * kMaxReach + 1];
    for (int i = 0; i < ring; i++) rows[i] = rowAt(clampIndex(y + i - reach, height));
    run(rows, result, x0, y, x1 - x0, task.stencil);
    storeStencilRow<Out, kChannels>(result, rowOf<Out>(task.output, y) + static_cast<ptrdiff_t>(x0) * kChannels, x1 - x0,
                                    maxCode);
  }
}

}  // namespace

void stencilTile(const StencilTask& task, float* scratch, int x0, int x1, int y0, int y1) {
  forPlanes(task.input, task.output, [&]<class In, class Out, int kChannels>() __attribute__((always_inline)) {
    if constexpr (kChannels == 1)
      stencilTileOf<In, Out, 1, StencilPixels::oneChannel>(task, scratch, x0, x1, y0, y1);
    else if (task.straightAlpha)
      stencilTileOf<In, Out, 4, StencilPixels::straightAlpha>(task, scratch, x0, x1, y0, y1);
    else
      stencilTileOf<In, Out, 4, StencilPixels::opaque>(task, scratch, x0, x1, y0, y1);
  });
}

}  // namespace framelane::cpu::FL_ISA
