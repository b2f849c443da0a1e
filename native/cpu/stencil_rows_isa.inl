// Rows between a plane and the floats that stencils work on, a channel after the other.
#pragma once
#include "cpu/vec8_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// One of the 4 x 8 samples of eight RGBA pixels after the other, to eight of each channel; and back.
FL_HD void separateChannels(F8 (&v)[4]) {
  F8 pixels[4], pairs[4];  // 0 and 4, 1 and 5, ...; then two channels of four pixels
  for (int i = 0; i < 2; i++) {
    pixels[2 * i] = __builtin_shufflevector(v[i], v[i + 2], 0, 1, 2, 3, 8, 9, 10, 11);
    pixels[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 2], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i = 0; i < 2; i++) {
    pairs[i] = __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 2] = __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 2; i++) {
    v[2 * i] = __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13);
    v[2 * i + 1] = __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
  }
}

FL_HD void joinChannels(F8 (&v)[4]) {
  F8 pairs[4], pixels[4];
  for (int i = 0; i < 2; i++) {
    pairs[2 * i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[2 * i + 1] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 2; i++) {
    pixels[2 * i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    pixels[2 * i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 2; i++) {
    v[i] = __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11);
    v[i + 2] = __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// Eight pixels. RGBA becomes 0..1 and is multiplied by alpha, unless that is known to be 1.
template <class Sample, int kChannels, bool kAlpha>
FL_HD void separate8(const Sample* from, float* to) {
  if constexpr (kChannels == 1) {
    store8(to, load8(from));
  } else {
    constexpr float unit = sizeof(Sample) == 1 ? 1 / 255.0f : 1.0f;
    F8 v[4];
    for (int i = 0; i < 4; i++) v[i] = load8(from + 8 * i) * splat(unit);
    separateChannels(v);
    for (int i = 0; i < 3; i++) store8(to + i * stencilPlaneFloats(4), kAlpha ? v[i] * v[3] : v[i]);
    if constexpr (kAlpha) store8(to + 3 * stencilPlaneFloats(4), v[3]);
  }
}

template <class Sample, int kChannels>
FL_HD void join8(const float* from, Sample* to, float maxCode) {
  if constexpr (kChannels == 1) {
    storeSamples8(to, load8(from), maxCode);
  } else {
    constexpr float codes = sizeof(Sample) == 1 ? 255.0f : 1.0f;
    F8 v[4];
    for (int i = 0; i < 4; i++) v[i] = load8(from + i * stencilPlaneFloats(4)) * splat(codes);
    joinChannels(v);
    for (int i = 0; i < 4; i++) storeSamples8(to + 8 * i, v[i], maxCode);
  }
}

/// Pixels x..x+count-1 of a row; beyond its ends, copies of the outermost. Up to 7 more floats are written behind each channel.
template <class Sample, int kChannels, bool kAlpha>
void loadStencilRow(const Sample* row, int width, int x, int count, float* to) {
  const int first = clampIndex(x, width), pixels = clampIndex(x + count - 1, width) - first + 1;
  const int before = first - x < 0 ? 0 : smaller(first - x, count - 1);
  const Sample* const from = row + static_cast<ptrdiff_t>(first) * kChannels;
  int i = 0;
  for (; i + 8 <= pixels; i += 8) separate8<Sample, kChannels, kAlpha>(from + i * kChannels, to + before + i);
  if (i < pixels) {
    Sample rest[8 * kChannels] = {};
    std::memcpy(rest, from + i * kChannels, (pixels - i) * kChannels * sizeof(Sample));
    separate8<Sample, kChannels, kAlpha>(rest, to + before + i);
  }
  for (int c = 0; c < (kChannels == 4 && !kAlpha ? 3 : kChannels); c++, to += stencilPlaneFloats(kChannels)) {
    for (int j = 0; j < before; j++) to[j] = to[before];
    for (int j = before + pixels; j < count; j++) to[j] = to[before + pixels - 1];
  }
}

template <class Sample, int kChannels>
void storeStencilRow(const float* from, Sample* to, int count, float maxCode) {
  int i = 0;
  for (; i + 8 <= count; i += 8) join8<Sample, kChannels>(from + i, to + i * kChannels, maxCode);
  if (i == count) return;
  Sample rest[8 * kChannels];
  join8<Sample, kChannels>(from + i, rest, maxCode);
  std::memcpy(to + i * kChannels, rest, (count - i) * kChannels * sizeof(Sample));
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
