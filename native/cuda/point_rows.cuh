#pragma once
// Loads and stores of RowLayout: the output is RGBA.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

__device__ __forceinline__ void load(Pixels& pixels, const RowLayout& at, const Pass& pass) {
  loadViewed(pixels, at, pass);
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

__device__ __forceinline__ void store(Pixels& pixels, const RowLayout& at, const Pass& pass) {
  const Plane& plane = pass.program.output.planes[0];
  if (pass.output.bytes) {
    uint32_t words[4];
    bytesOf(words, pixels, pass);
    uint32_t* const row = &sampleAt<uint32_t>(plane, at.x, at.y);
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (at.column(i) < plane.width) row[32 * i] = words[i];
  } else {
    transform(pixels, pass.program.store, pass.store);
    float4* const row = &sampleAt<float4>(plane, at.x, at.y);
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (at.column(i) < plane.width)
        row[32 * i] = {pixels[i].r, pixels[i].g, pixels[i].b, pixels[i].a};
  }
}

}  // namespace framelane::cuda
