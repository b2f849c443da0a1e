#pragma once
// The vocabulary of the separable filters. They work on units of four floats that are weighed
// alike: an RGBA pixel, or in one-channel planes four samples along the axis that is not being
// filtered. So one kernel serves both.
//
// The first kernel of a filter goes along rows, from any plane to f32; the last one along columns,
// from f32 to any plane. What lies between them is f32 in scratch memory with rows padded to whole
// units.
#include "core/op.hpp"
#include "cuda/pixel.cuh"

namespace framelane::cuda {

/// Where a line of units keeps unit i in shared memory: a slot is skipped after every eight, so
/// that lanes which read every 2nd, 4th or 8th unit hit different banks.
__host__ __device__ constexpr int padded(int i) { return i + (i >> 3); }

__device__ __forceinline__ void addWeighted(float4& sum, float weight, float4 v) {
  sum.x = fmaf(weight, v.x, sum.x);
  sum.y = fmaf(weight, v.y, sum.y);
  sum.z = fmaf(weight, v.z, sum.z);
  sum.w = fmaf(weight, v.w, sum.w);
}

__device__ __forceinline__ float4 toUnit(float4 v) { return v; }
__device__ __forceinline__ float4 toUnit(uint32_t word) {
  return {byteOf<0>(word), byteOf<1>(word), byteOf<2>(word), byteOf<3>(word)};
}
__device__ __forceinline__ float4 toUnit(ushort4 v) { return {codeOf(v.x), codeOf(v.y), codeOf(v.z), codeOf(v.w)}; }

/// A row of units of a plane of T: with 4 channels the pixels of row y, with 1 channel the columns
/// of rows y .. y+3. Rows beyond the plane are its edge rows.
template <class T, int Channels>
struct UnitRow;

template <class T>
struct UnitRow<T, 4> {
  using Word = typename RunWord<T, 4>::Type;
  const Word* row;
  bool premultiply;

  __device__ UnitRow(const Plane& plane, int y, bool straightAlpha)
      : row(&sampleAt<const Word>(plane, 0, clampIndex(y, plane.height))), premultiply(straightAlpha) {}
  __device__ float4 operator[](int x) const {
    float4 v = toUnit(row[x]);
    if (premultiply) v = {v.x * v.w, v.y * v.w, v.z * v.w, v.w};
    return v;
  }
};

template <class T>
struct UnitRow<T, 1> {
  const T* rows[4];

  __device__ UnitRow(const Plane& plane, int y, bool) {
#pragma unroll
    for (int i = 0; i < 4; i++) rows[i] = &sampleAt<const T>(plane, 0, clampIndex(y + i, plane.height));
  }
  __device__ float4 operator[](int x) const {
    return {sampleToFloat(rows[0][x]), sampleToFloat(rows[1][x]), sampleToFloat(rows[2][x]), sampleToFloat(rows[3][x])};
  }
};

/// Rows that a row of units spans.
template <int Channels>
constexpr int kUnitHeight = Channels == 4 ? 1 : 4;

/// Stores unit x of such a row in an f32 plane.
template <int Channels>
__device__ __forceinline__ void storeUnitRow(const Plane& plane, int x, int y, float4 v) {
  if constexpr (Channels == 4) {
    sampleAt<float4>(plane, x, y) = v;
  } else {
    const float values[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (y + i < plane.height) sampleAt<float>(plane, x, y + i) = values[i];
  }
}

/// How the last kernel writes: samples, not pixels, count along a row.
struct UnitSink {
  Plane plane;         // width in samples, one channel
  bool wide;           // a unit is one access
  bool straightAlpha;  // divide by alpha
  float maxCode;
};

/// Stores four samples of row y from sample 4 * unit on; integers round and saturate.
template <class T>
__device__ __forceinline__ void storeUnit(const UnitSink& sink, int unit, int y, float4 v) {
  if (sink.straightAlpha) {
    const float inverse = v.w > 1e-6f ? reciprocal(v.w) : 0.0f;
    v = {v.x * inverse, v.y * inverse, v.z * inverse, v.w > 1e-6f ? v.w : 0.0f};
  }
  storeRun<T, 4>(sink.plane, 4 * unit, y, sink.wide, {v.x, v.y, v.z, v.w}, sink.maxCode);
}

/// Whether every row begins where four samples are one access.
inline bool hasWideUnits(const Plane& plane) {
  const size_t unit = 4 * elementBytes(plane.element);
  return (reinterpret_cast<uintptr_t>(plane.data) | static_cast<size_t>(plane.stride)) % unit == 0;
}

inline UnitSink sinkOf(const Plane& plane, bool straightAlpha) {
  Plane samples = plane;
  samples.width = plane.width * plane.channels;
  samples.channels = 1;
  return {samples, hasWideUnits(plane), straightAlpha, static_cast<float>(plane.maxCode)};
}

inline int unitsPerRow(const Plane& plane) { return (plane.width * plane.channels + 3) / 4; }

/// f32 planes one after the other in a stage's scratch memory.
class Scratch {
 public:
  explicit Scratch(void* at) : next_(static_cast<char*>(at)) {}
  Plane take(Size size, int channels) {
    const Plane plane{next_, size.width, size.height, strideOf(size, channels), Element::f32, channels};
    next_ += bytes(size, channels);
    return plane;
  }
  void* rest() const { return next_; }
  static size_t bytes(Size size, int channels) {
    return (static_cast<size_t>(strideOf(size, channels)) * size.height + 255) / 256 * 256;
  }

 private:
  static ptrdiff_t strideOf(Size size, int channels) {
    return (static_cast<ptrdiff_t>(size.width) * channels + 3) / 4 * 16;
  }
  char* next_;
};

/// Calls `with(T{})` for the plane's samples.
template <class Function>
void forElement(Element element, const Function& with) {
  switch (element) {
    case Element::u8: return with(uint8_t{});
    case Element::u16: return with(uint16_t{});
    case Element::f32: return with(float{});
  }
}

/// Calls `with(T{}, std::integral_constant<int, channels>{})`.
template <class Function>
void forSamples(Element element, int channels, const Function& with) {
  forElement(element, [&](auto sample) {
    if (channels == 4)
      with(sample, std::integral_constant<int, 4>{});
    else
      with(sample, std::integral_constant<int, 1>{});
  });
}

}  // namespace framelane::cuda
