#pragma once
// Loads and stores of RowLayout: the output is RGBA.
#include <concepts>

#include "cuda/point_load.cuh"

namespace framelane::cuda {

/// Four samples that lie as far apart in the input as in the output.
template <class Layout>
struct Direct {
  int x, y;

  template <class Sample>
  __device__ void gather(Sample (&samples)[4], const Plane& plane, int shiftX = 0, int shiftY = 0) const {
    const Sample* const row = &sampleAt<const Sample>(plane, x >> shiftX, y >> shiftY);
#pragma unroll
    for (int i = 0; i < 4; i++) samples[i] = row[RowLayout::right(i) >> shiftX];
  }

  /// For subsampled chroma. All four lie alike among its samples, and none beyond the outermost.
  template <class Sample>
  __device__ void interpolateChroma(float (&u)[4], float (&v)[4], const Frame& frame, const Access& access) const {
    const Plane &planeU = frame.planes[1], &planeV = frame.planes[2];
    const Between across(x, 1, access.coSitedX, planeU.width);
    const Between down(y, access.shiftY, access.coSitedY, planeU.height);
    const auto row = [](const Plane& plane, int at) { return &sampleAt<const Sample>(plane, 0, at); };
    const Sample *const nearU = row(planeU, down.near), *const farU = row(planeU, down.far);
    const Sample *const nearV = row(planeV, down.near), *const farV = row(planeV, down.far);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const int offset = RowLayout::right(i) / 2;
      u[i] = interpolate(nearU + offset, farU + offset, across, down);
      v[i] = interpolate(nearV + offset, farV + offset, across, down);
    }
  }
};

/// True unless the row ends among the thread's pixels.
__device__ __forceinline__ bool isWhole(const RowLayout& at, const Plane& plane) { return at.column(3) < plane.width; }

/// True where every pixel has chroma samples on both sides.
template <class Layout>
__device__ __forceinline__ bool isAmongChroma(const Direct<Layout>& from, const Plane& luma) {
  return Layout::kGrid == ChromaGrid::kept || (from.x > 0 && from.x + RowLayout::right(3) + 1 < luma.width);
}

template <std::derived_from<RowLayout> Layout>
__device__ __forceinline__ void load(Pixels& pixels, const Layout& at, const auto& pass) {
  const PointProgram& program = pass.program;
  const Direct<Layout> from{at.x + program.view.x, at.y + program.view.y};
  if (!pass.directView || !isWhole(at, program.output.planes[0]) || !isAmongChroma(from, program.input.planes[0])) {
    loadViewed(pixels, at, pass);
    return;
  }
  gatherPixels(pixels, program.input, pass.input, from);
  transform(pixels, program.load, pass.load);
}

/// What an rgba8 frame stores of these pixels, which are units. As with a store matrix of 255.
__device__ __forceinline__ void unitBytesOf(uint32_t (&words)[4], const Pixels& pixels) {
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const Pixel& p = pixels[i];
    words[i] = packBytes(roundUnit(p.r), roundUnit(p.g), roundUnit(p.b), roundUnit(p.a));
  }
}

/// What an rgba8 frame stores of these pixels.
__device__ __forceinline__ void bytesOf(uint32_t (&words)[4], Pixels& pixels, const auto& pass) {
  if (pass.unitStore) return unitBytesOf(words, pixels);
  transform(pixels, pass.program.store, pass.store);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const Pixel& p = pixels[i];
    words[i] = packBytes(roundCode(p.r), roundCode(p.g), roundCode(p.b), roundCode(p.a));
  }
}

/// How samples go to memory.
struct Kept {
  template <class Sample>
  __device__ static void put(Sample& to, const Sample& sample) {
    to = sample;
  }
};
/// For what nothing reads soon: it leaves the cache first.
struct Streamed {
  template <class Sample>
  __device__ static void put(Sample& to, const Sample& sample) {
    __stcs(&to, sample);
  }
};

template <class How = Kept, class Sample>
__device__ __forceinline__ void scatter(const Plane& plane, const RowLayout& at, const Sample (&samples)[4]) {
  Sample* const row = &sampleAt<Sample>(plane, at.x, at.y);
  if (isWhole(at, plane)) {
#pragma unroll
    for (int i = 0; i < 4; i++) How::put(row[RowLayout::right(i)], samples[i]);
  } else {
#pragma unroll
    for (int i = 0; i < 3; i++)
      if (at.column(i) < plane.width) How::put(row[RowLayout::right(i)], samples[i]);
  }
}

/// To both outputs. Floats beside bytes are what a loop over bytes writes over in its next turn, as
/// a rule; the bytes are what is read then.
__device__ __forceinline__ void storeTwice(Pixels& pixels, const RowLayout& at, const auto& pass) {
  const Plane &first = pass.program.output.planes[0], &second = pass.program.second;
  if (pass.output.element == Element::u8) {
    uint32_t words[4];
    bytesOf(words, pixels, pass);
    scatter(first, at, words);
    scatter(second, at, words);
    return;
  }
  transform(pixels, pass.program.store, pass.store);
  float4 samples[4];
#pragma unroll
  for (int i = 0; i < 4; i++) samples[i] = {pixels[i].r, pixels[i].g, pixels[i].b, pixels[i].a};
  if (second.element == Element::f32) {
    scatter(first, at, samples);
    scatter(second, at, samples);
    return;
  }
  scatter<Streamed>(first, at, samples);
  uint32_t words[4];
  unitBytesOf(words, pixels);
  scatter(second, at, words);
}

template <std::derived_from<RowLayout> Layout>
__device__ __forceinline__ void store(Pixels& pixels, const Layout& at, const auto& pass) {
  if constexpr (Layout::kTwice) {
    storeTwice(pixels, at, pass);
    return;
  }
  const Plane& plane = pass.program.output.planes[0];
  if (pass.output.element == Element::u8) {
    uint32_t words[4];
    bytesOf(words, pixels, pass);
    scatter(plane, at, words);
    return;
  }
  transform(pixels, pass.program.store, pass.store);
  const auto scatterAs = [&](auto sample) {
    decltype(sample) samples[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const Pixel& p = pixels[i];
      setWord(samples[i], Run<4>{p.r, p.g, p.b, p.a}, pass.output.maxCode);
    }
    scatter(plane, at, samples);
  };
  if (isWide<Layout>(pass.output))
    scatterAs(ushort4{});
  else
    scatterAs(float4{});
}

}  // namespace framelane::cuda
