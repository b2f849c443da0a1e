// Subsampled chroma between its samples: what a pass does where its input and output do not have the same ones
// (ChromaGrid::resampled).
#pragma once
#include "cpu/strip_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

/// Samples of two rows in the proportion 1 - share to share; with a share of 0 the second one is not read.
template <class Sample>
void mixRows(const Sample* __restrict row, const Sample* __restrict other, float share, float* __restrict to, int count) {
  if (share == 0) return widen(row, to, count);
  for (int i = 0; i < count; i++) to[i] = (1 - share) * static_cast<float>(row[i]) + share * static_cast<float>(other[i]);
}

/// The pixels 2i and 2i + 1, as far as `count` reaches from `phase` on, between samples i - 1, i and i + 1.
template <bool kCosited>
void interpolatePairs(const float* __restrict from, float* __restrict to, int phase, int count) {
  const auto even = [=](int i) __attribute__((always_inline)) {
    return kCosited ? from[i] : 0.75f * from[i] + 0.25f * from[i - 1];
  };
  const auto odd = [=](int i) __attribute__((always_inline)) {
    return kCosited ? 0.5f * (from[i] + from[i + 1]) : 0.75f * from[i] + 0.25f * from[i + 1];
  };
  if (phase == 1) *to++ = odd(0);
  count -= phase;
  const int pairs = count / 2;
  for (int i = 0; i < pairs; i++) {
    to[2 * i] = even(i + phase);
    to[2 * i + 1] = odd(i + phase);
  }
  if (count % 2 == 1) to[count - 1] = even(pairs + phase);
}

/// Chroma at the luma samples x..x+count-1 of row y, from the nearest samples in each direction.
template <class Sample>
void interpolateChroma(const Frame& frame, int index, float* to, int x, int y, int count) {
  const Plane& plane = frame.planes[index];
  const int subsampleY = layoutOf(frame).subsampleY, row = y >> subsampleY;
  int other = row;
  float share = 0;
  if (isCositedY(frame)) {
    other = row + (y & 1);
    share = (y & 1) ? 0.5f : 0.0f;
  } else if (subsampleY > 0) {
    other = (y & 1) ? row + 1 : row - 1;
    share = 0.25f;
  }
  const Sample* near = rowOf<Sample>(plane, row);
  const Sample* far = rowOf<Sample>(plane, larger(0, smaller(other, plane.height - 1)));

  // One more sample at both ends; beyond the plane it is the outermost one again.
  const int first = x >> 1, last = (x + count - 1) >> 1;
  const int begin = larger(first - 1, 0), end = smaller(last + 2, plane.width);
  alignas(64) float samples[kStrip / 2 + 3];
  float* const inside = samples + (begin - (first - 1));
  mixRows(near + begin, far + begin, share, inside, end - begin);
  samples[0] = *inside;
  if (end < last + 2) samples[last + 2 - first] = samples[last + 1 - first];
  if (isCositedX(frame))
    interpolatePairs<true>(samples + 1, to, x & 1, count);
  else
    interpolatePairs<false>(samples + 1, to, x & 1, count);
}

/// Samples on the even columns of `count` pixels behind `lead` others, filtered 1 2 1; columns beyond both ends are the
/// outermost ones. `below` is `here` again where there is no second row, `above` is null unless the samples lie on `here`.
void filterCosited(float* __restrict to, const float* above, const float* here, const float* below, int lead, int count) {
  alignas(64) float column[kStrip];
  if (above)
    for (int i = 0; i < lead + count; i++) column[i] = 0.5f * here[i] + 0.25f * (above[i] + below[i]);
  else
    for (int i = 0; i < lead + count; i++) column[i] = 0.5f * (here[i] + below[i]);
  const float* from = column + lead;
  const int last = count - 1;
  to[0] = 0.5f * from[0] + 0.25f * (column[0] + from[smaller(1, last)]);
  for (int i = 1; i < count / 2; i++) to[i] = 0.5f * from[2 * i] + 0.25f * (from[2 * i - 1] + from[2 * i + 1]);
  if (last > 0 && last % 2 == 0) to[last / 2] = 0.75f * from[last] + 0.25f * from[last - 1];
}

/// Means of the blocks that a chroma sample covers. `below` is `above` again where there is no
/// second row; a last column without a neighbour counts twice.
void meanOfBlocks(float* __restrict mean, const float* above, const float* below, int count, int subsampleX) {
  if (subsampleX == 0) {
    for (int i = 0; i < count; i++) mean[i] = 0.5f * (above[i] + below[i]);
    return;
  }
  for (int i = 0; i < count / 2; i++)
    mean[i] = 0.25f * ((above[2 * i] + above[2 * i + 1]) + (below[2 * i] + below[2 * i + 1]));
  if (count % 2 == 1) mean[count / 2] = 0.5f * (above[count - 1] + below[count - 1]);
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
