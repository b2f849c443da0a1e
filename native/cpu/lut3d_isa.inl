// 3-D tables: where to look is worked out for many pixels at once, then each pixel adds up whole entries as vectors of four.
#pragma once
#include "cpu/strip_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

typedef float Entry __attribute__((vector_size(16), may_alias));

constexpr int kLookUps = 64;  // pixels whose corners stay in L1

template <int kCorners>
struct LookUps {
  alignas(64) int32_t index[kCorners][kLookUps];
  alignas(64) float weight[kCorners][kLookUps];
};

template <Lut3d::Mode kMode>
void lookUp(float* __restrict r, float* __restrict g, float* __restrict b, int count, const Table& table,
            const Lut3d::Kernel& kernel) {
  constexpr int kCorners = kMode == Lut3d::Mode::tetrahedral ? 4 : 8;
  LookUps<kCorners> at;
  for (int i = 0; i < count; i++) {
    const Lut3d::Corners<kCorners> corners = Lut3d::corners<kMode>({r[i], g[i], b[i], 1.0f}, kernel);
#pragma GCC unroll 8
    for (int corner = 0; corner < kCorners; corner++) {
      at.index[corner][i] = corners.index[corner];
      at.weight[corner][i] = corners.weight[corner];
    }
  }
  const auto* entries = static_cast<const Entry*>(table.entries);
  alignas(64) Entry found[kLookUps];
  for (int i = 0; i < count; i++) {
    Entry total = at.weight[0][i] * entries[at.index[0][i]];
#pragma GCC unroll 8
    for (int corner = 1; corner < kCorners; corner++) total += at.weight[corner][i] * entries[at.index[corner][i]];
    found[i] = total;
  }
  for (int i = 0; i < count; i++) {
    r[i] = mix(r[i], found[i][0], kernel.strength);
    g[i] = mix(g[i], found[i][1], kernel.strength);
    b[i] = mix(b[i], found[i][2], kernel.strength);
  }
}

bool stripOf(Lut3d*, Strip& __restrict strip, int count, const Table& table, const Lut3d::Kernel& kernel) {
  if (kernel.mode == Lut3d::Mode::curves) return false;
  const bool tetrahedral = kernel.mode == Lut3d::Mode::tetrahedral;
  const auto run = tetrahedral ? lookUp<Lut3d::Mode::tetrahedral> : lookUp<Lut3d::Mode::trilinear>;
  for (int i = 0; i < count; i += kLookUps)
    run(strip.r + i, strip.g + i, strip.b + i, smaller(kLookUps, count - i), table, kernel);
  return true;
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
