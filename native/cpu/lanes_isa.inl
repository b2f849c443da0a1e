// Lanes: kLanes rows of one channel (or two rows of four) interleaved, so that a horizontal filter
// becomes a vertical one: the neighbours of a pixel are whole, aligned vectors, and one weight
// serves all of them. Turning 8x8 blocks round costs three shuffles for eight samples each way;
// unaligned loads along a row would cost more from three taps on.
#pragma once
#include "cpu/vec8_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

template <int kChannels>
constexpr int kRowsInLanes = kLanes / kChannels;

/// lanes[8 * i ...] = pixel clamp(x + i, 0, width - 1) of the rows, i = 0..count-1.
template <class Sample, int kChannels>
void toLanes(const Sample* const* rows, int width, int x, int count, float* lanes) {
  const int first = clampIndex(x, width), last = clampIndex(x + count - 1, width);
  float* to = lanes + 8 * (first < x ? 0 : smaller(first - x, count - 1));
  float* const leftmost = to;
  int i = first;
  if constexpr (kChannels == 1) {
    for (; i + 7 <= last; i += 8, to += 64) {
      F8 block[8];
      for (int j = 0; j < 8; j++) block[j] = load8(rows[j] + i);
      transpose8(block);
      for (int j = 0; j < 8; j++) store8(to + 8 * j, block[j]);
    }
    for (; i <= last; i++, to += 8)
      for (int j = 0; j < 8; j++) to[j] = static_cast<float>(rows[j][i]);
  } else {
    for (; i <= last; i++, to += 8) store8(to, loadHalves(rows[0] + 4 * i, rows[1] + 4 * i));
  }
  const F8 left = load8(leftmost), right = load8(to - 8);
  for (float* edge = lanes; edge < leftmost; edge += 8) store8(edge, left);
  for (float* const end = lanes + 8 * count; to < end; to += 8) store8(to, right);
}

/// Lanes of RGBA hold one pixel of each of two rows.
void multiplyLanes(float* lanes, int count) {
  for (float* const end = lanes + 8 * count; lanes < end; lanes += 8) store8(lanes, multipliedByAlpha(load8(lanes)));
}

/// Eight neighbouring columns back to the rows, as floats.
template <int kChannels>
FL_HD void fromLanes(F8 (&columns)[8], float* const* rows) {
  if constexpr (kChannels == 1) {
    transpose8(columns);
    for (int j = 0; j < 8; j++) store8(rows[j], columns[j]);
  } else {
    for (int i = 0; i < 8; i++) {
      std::memcpy(rows[0] + 4 * i, &columns[i], 16);
      std::memcpy(rows[1] + 4 * i, reinterpret_cast<const char*>(&columns[i]) + 16, 16);
    }
  }
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
