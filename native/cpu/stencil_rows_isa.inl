// Rows between a plane and the floats that stencils work on, a channel after the other.
#pragma once
#include "cpu/vec8_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// Eight RGBA pixels as eight of each channel. Halves of vectors are put together by loading them, which the shuffle unit has no
/// part in.
FL_HD void loadChannels(const float* from, F8 (&v)[4]) {
  F8 pairs[4];  // two channels of pixels 0, 1 and 4, 5; of 2, 3 and 6, 7
  for (int i = 0; i < 2; i++) {
    const float* const at = from + 8 * i;
    const F8 even = loadHalves(at, at + 16), odd = loadHalves(at + 4, at + 20);
    pairs[2 * i] = __builtin_shufflevector(even, odd, 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[2 * i + 1] = __builtin_shufflevector(even, odd, 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 2; i++) {
    v[2 * i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    v[2 * i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
}

/// Bytes need no shuffles: a pixel is a word.
FL_HD void loadChannels(const uint8_t* from, F8 (&v)[4]) {
  I8 words;
  std::memcpy(&words, from, 32);
  for (int i = 0; i < 4; i++) v[i] = __builtin_convertvector(words >> 8 * i & 255, F8) * splat(1 / 255.0f);
}

FL_HD void storeChannels(const F8 (&v)[4], float* to) {
  F8 pairs[4], pixels[4];  // 0 and 4, 1 and 5, ...
  for (int i = 0; i < 2; i++) {
    pairs[2 * i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[2 * i + 1] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 2; i++) {
    pixels[2 * i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    pixels[2 * i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 2; i++) {
    store8(to + 8 * i, __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11));
    store8(to + 16 + 8 * i, __builtin_shufflevector(pixels[2 * i], pixels[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15));
  }
}

FL_HD void storeChannels(const F8 (&v)[4], uint8_t* to) {
  I8 words = {};
  for (int i = 0; i < 4; i++) words |= codes8(v[i] * splat(255), 255) << 8 * i;
  std::memcpy(to, &words, 32);
}

/// Eight pixels. RGBA is 0..1 and multiplied by alpha, unless that is known to be 1.
template <class Sample, int kChannels, bool kAlpha>
FL_HD void separate8(const Sample* from, float* to) {
  if constexpr (kChannels == 1) {
    store8(to, load8(from));
  } else {
    F8 v[4];
    loadChannels(from, v);
    for (int i = 0; i < 3; i++) store8(to + i * stencilPlaneFloats(4), kAlpha ? v[i] * v[3] : v[i]);
    if constexpr (kAlpha) store8(to + 3 * stencilPlaneFloats(4), v[3]);
  }
}

template <class Sample, int kChannels>
FL_HD void join8(const float* from, Sample* to, float maxCode) {
  if constexpr (kChannels == 1) {
    storeSamples8(to, load8(from), maxCode);
  } else {
    F8 v[4];
    for (int i = 0; i < 4; i++) v[i] = load8(from + i * stencilPlaneFloats(4));
    storeChannels(v, to);
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
