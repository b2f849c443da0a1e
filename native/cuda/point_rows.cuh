#pragma once
// Loads and stores of RowLayout: RGBA on both sides.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

constexpr int kRowPixels = RowLayout::kPixels;

template <class Sample>
__device__ __forceinline__ void loadSamples(Pixel (&pixels)[kRowPixels], const Sample* row, int x, int step,
                                            const bool (&inside)[kRowPixels]) {
#pragma unroll
  for (int i = 0; i < kRowPixels; i++) {
    const Sample sample = inside[i] ? row[x + i * step] : Sample{};
    pixels[i] = toPixel(sample);
  }
}

__device__ __forceinline__ void load(Pixel (&pixels)[kRowPixels], const RowLayout& at, const Pass& pass) {
  const PointProgram& program = pass.program;
  const Plane& plane = program.input.planes[0];
  const View& view = program.view;
  const int x = view.sourceX(at.x), y = view.sourceY(at.y), step = view.flipX ? -32 : 32;
  bool inside[kRowPixels];
#pragma unroll
  for (int i = 0; i < kRowPixels; i++)
    inside[i] = static_cast<unsigned>(x + i * step) < static_cast<unsigned>(plane.width) &&
                static_cast<unsigned>(y) < static_cast<unsigned>(plane.height);
  if (pass.input.bytes)
    loadSamples(pixels, &sampleAt<const uint32_t>(plane, 0, y), x, step, inside);
  else
    loadSamples(pixels, &sampleAt<const float4>(plane, 0, y), x, step, inside);
  transform(pixels, program.load, pass.load);
  if (pass.insideView) return;
#pragma unroll
  for (int i = 0; i < kRowPixels; i++)
    if (!inside[i]) pixels[i] = Pixel{};
}

__device__ __forceinline__ void store(Pixel (&pixels)[kRowPixels], const RowLayout& at, const Pass& pass) {
  const Plane& plane = pass.program.output.planes[0];
  if (!pass.output.bytes) {
    transform(pixels, pass.program.store, pass.store);
#pragma unroll
    for (int i = 0; i < kRowPixels; i++)
      if (at.column(i) < plane.width)
        sampleAt<float4>(plane, at.column(i), at.y) = {pixels[i].r, pixels[i].g, pixels[i].b,
                                                       pixels[i].a};
    return;
  }
  uint32_t words[kRowPixels];
  bytesOf(words, pixels, pass);
#pragma unroll
  for (int i = 0; i < kRowPixels; i++)
    if (at.column(i) < plane.width) sampleAt<uint32_t>(plane, at.column(i), at.y) = words[i];
}

}  // namespace framelane::cuda
