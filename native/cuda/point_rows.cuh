#pragma once
// Loads and stores of RowLayout: the output is RGBA.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

/// Four samples that lie as far apart in the input as in the output.
struct Direct {
  int x, y;
  template <class Sample>
  __device__ void gather(Sample (&samples)[4], const Plane& plane, int shiftX = 0,
                         int shiftY = 0) const {
    const Sample* const row = &sampleAt<const Sample>(plane, x >> shiftX, y >> shiftY);
#pragma unroll
    for (int i = 0; i < 4; i++) samples[i] = row[RowLayout::right(i) >> shiftX];
  }
};

/// True unless the row ends among the thread's pixels.
__device__ __forceinline__ bool isWhole(const RowLayout& at, const Plane& plane) {
  return at.column(3) < plane.width;
}

__device__ __forceinline__ void load(Pixels& pixels, const RowLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  if (!pass.directView || !isWhole(at, program.output.planes[0])) {
    loadViewed(pixels, at, pass);
    return;
  }
  const Direct from{at.x + program.view.x, at.y + program.view.y};
  gatherPixels(pixels, program.input, pass.input, from);
  transform(pixels, program.load, pass.load);
}

/// What an rgba8 frame stores of these pixels.
__device__ __forceinline__ void bytesOf(uint32_t (&words)[4], Pixels& pixels, const Pass& pass) {
  if (pass.unitStore) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const Pixel& p = pixels[i];
      words[i] = packBytes(roundUnit(p.r), roundUnit(p.g), roundUnit(p.b), roundUnit(p.a));
    }
    return;
  }
  transform(pixels, pass.program.store, pass.store);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const Pixel& p = pixels[i];
    words[i] = packBytes(roundCode(p.r), roundCode(p.g), roundCode(p.b), roundCode(p.a));
  }
}

template <class Sample>
__device__ __forceinline__ void scatter(const Plane& plane, const RowLayout& at,
                                        const Sample (&samples)[4]) {
  Sample* const row = &sampleAt<Sample>(plane, at.x, at.y);
  if (isWhole(at, plane)) {
#pragma unroll
    for (int i = 0; i < 4; i++) row[RowLayout::right(i)] = samples[i];
  } else {
#pragma unroll
    for (int i = 0; i < 3; i++)
      if (at.column(i) < plane.width) row[RowLayout::right(i)] = samples[i];
  }
}

__device__ __forceinline__ void store(Pixels& pixels, const RowLayout& at, const Pass& pass) {
  const Plane& plane = pass.program.output.planes[0];
  if (pass.output.bytes) {
    uint32_t words[4];
    bytesOf(words, pixels, pass);
    scatter(plane, at, words);
  } else {
    transform(pixels, pass.program.store, pass.store);
    float4 samples[4];
#pragma unroll
    for (int i = 0; i < 4; i++) samples[i] = {pixels[i].r, pixels[i].g, pixels[i].b, pixels[i].a};
    scatter(plane, at, samples);
  }
}

}  // namespace framelane::cuda
