#pragma once
// From planes to pixels, for any view: each pixel finds its own samples.
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

using Pixels = Pixel[4];

__device__ __forceinline__ Pixel transform(const PackedMatrix& k, Pixel p) {
  // Blue and green first: where they are shared by several pixels, so is most of the sum.
  return {fmaf(k.m[0], p.r, fmaf(k.m[1], p.g, fmaf(k.m[2], p.b, k.m[3]))),
          fmaf(k.m[4], p.r, fmaf(k.m[5], p.g, fmaf(k.m[6], p.b, k.m[7]))),
          fmaf(k.m[8], p.r, fmaf(k.m[9], p.g, fmaf(k.m[10], p.b, k.m[11]))), k.alpha * p.a};
}

__device__ __forceinline__ void clear(Pixels& pixels) {
#pragma unroll
  for (Pixel& p : pixels) p = Pixel{};
}

__device__ __forceinline__ void transform(Pixels& pixels, const PackedMatrix& k, Map map) {
  if (map == Map::full) {
#pragma unroll
    for (Pixel& p : pixels) p = transform(k, p);
  } else if (map == Map::diagonal) {
#pragma unroll
    for (Pixel& p : pixels) p = {k.m[0] * p.r, k.m[5] * p.g, k.m[10] * p.b, k.alpha * p.a};
  }
}

/// The two chroma samples along an axis between which a luma position lies, and how far it is from
/// `near` to `far`. A position lies a quarter of a sample off the nearest one, or on it and halfway
/// between two in turn where samples are co-sited.
struct Between {
  int near, far;
  float weight;

  __device__ Between(int position, int shift, bool coSited, int size)
      : near(position >> shift), far(near), weight(0.0f) {
    if (shift == 0) return;
    const bool odd = position & 1;
    far = clampIndex(odd ? near + 1 : near - 1, size);
    weight = coSited ? (odd ? 0.5f : 0.0f) : 0.25f;
  }
};

/// The sum of four weighted samples of the rows `near` and `far`. With codes every product is
/// exact, and so is the sum; the weights are often shared by several pixels.
template <class Sample>
__device__ __forceinline__ float interpolate(const Sample* near, const Sample* far, const Between& x,
                                             const Between& y) {
  const float nearX = 1.0f - x.weight, nearY = 1.0f - y.weight;
  const float upper = fmaf(nearY * x.weight, sampleToFloat(near[x.far]), nearY * nearX * sampleToFloat(near[x.near]));
  return fmaf(y.weight * nearX, sampleToFloat(far[x.near]),
              fmaf(y.weight * x.weight, sampleToFloat(far[x.far]), upper));
}

/// Where each pixel reads its input through any view: always within it, so that no load needs a
/// condition.
template <class Layout>
struct Viewed {
  int x[4], y[4];

  __device__ Viewed(const Layout& at, const View& view, const Plane& plane) {
    const int x0 = view.sourceX(at.x), stepX = view.flipX ? -1 : 1;
    const int y0 = view.sourceY(at.y), stepY = view.flipY ? -1 : 1;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x[i] = clampIndex(x0 + stepX * Layout::right(i), plane.width);
      y[i] = clampIndex(y0 + stepY * Layout::below(i), plane.height);
    }
  }

  template <class Sample>
  __device__ void gather(Sample (&samples)[4], const Plane& plane, int shiftX = 0, int shiftY = 0) const {
#pragma unroll
    for (int i = 0; i < 4; i++) samples[i] = sampleAt<const Sample>(plane, x[i] >> shiftX, y[i] >> shiftY);
  }

  template <class Sample>
  __device__ void interpolateChroma(float (&u)[4], float (&v)[4], const Frame& frame, const Access& access) const {
    const Plane &planeU = frame.planes[1], &planeV = frame.planes[2];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      const Between across(x[i], access.shiftX, access.coSitedX, planeU.width);
      const Between down(y[i], access.shiftY, access.coSitedY, planeU.height);
      const auto at = [&](const Plane& plane) {
        return interpolate(&sampleAt<const Sample>(plane, 0, down.near), &sampleAt<const Sample>(plane, 0, down.far),
                           across, down);
      };
      u[i] = at(planeU);
      v[i] = at(planeV);
    }
  }
};

/// All loads of the thread come before the first use of one: `from.gather` reads a plane's four
/// samples.
template <class Sample, class From>
__device__ __forceinline__ void gatherRgba(Pixels& pixels, const Frame& frame, const From& from) {
  Sample samples[4];
  from.gather(samples, frame.planes[0]);
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = toPixel(samples[i]);
}

template <class Sample, class Chroma>
__device__ __forceinline__ void setPlanar(Pixels& pixels, const Sample (&y)[4], const Chroma (&u)[4],
                                          const Chroma (&v)[4]) {
#pragma unroll
  for (int i = 0; i < 4; i++) pixels[i] = {sampleToFloat(y[i]), sampleToFloat(u[i]), sampleToFloat(v[i]), 1.0f};
}

template <class Sample, template <class> class From, class Layout>
__device__ __forceinline__ void gatherPlanar(Pixels& pixels, const Frame& frame, const Access& access,
                                             const From<Layout>& from) {
  Sample y[4];
  from.gather(y, frame.planes[0]);
  if (!access.chroma) {
#pragma unroll
    for (int i = 0; i < 4; i++) pixels[i] = {sampleToFloat(y[i]), access.neutral, access.neutral, 1.0f};
  } else if constexpr (Layout::kGrid == ChromaGrid::resampled) {
    float u[4], v[4];
    from.template interpolateChroma<Sample>(u, v, frame, access);
    setPlanar(pixels, y, u, v);
  } else {
    Sample u[4], v[4];
    from.gather(u, frame.planes[1], access.shiftX, access.shiftY);
    from.gather(v, frame.planes[2], access.shiftX, access.shiftY);
    setPlanar(pixels, y, u, v);
  }
  if (hasAlphaPlane<Layout>(access)) {
    Sample a[4];
    from.gather(a, frame.planes[3]);
#pragma unroll
    for (int i = 0; i < 4; i++) pixels[i].a = sampleToFloat(a[i]);
  }
}

template <template <class> class From, class Layout>
__device__ __forceinline__ void gatherPixels(Pixels& pixels, const Frame& frame, const Access& access,
                                             const From<Layout>& from) {
  if (access.rgba) {
    if (access.element == Element::u8)
      gatherRgba<uint32_t>(pixels, frame, from);
    else if (isWide<Layout>(access))
      gatherRgba<ushort4>(pixels, frame, from);
    else
      gatherRgba<float4>(pixels, frame, from);
  } else {
    if (access.element == Element::u8)
      gatherPlanar<uint8_t>(pixels, frame, access, from);
    else if (isWide<Layout>(access))
      gatherPlanar<uint16_t>(pixels, frame, access, from);
    else
      gatherPlanar<float>(pixels, frame, access, from);
  }
}

/// Each pixel through the view; what lies outside the input is transparent black.
template <class Layout>
__device__ __forceinline__ void loadViewed(Pixels& pixels, const Layout& at, const auto& pass) {
  const PointProgram& program = pass.program;
  const Plane& plane = program.input.planes[0];
  const Viewed<Layout> from(at, program.view, plane);
  gatherPixels(pixels, program.input, pass.input, from);
  transform(pixels, program.load, pass.load);
  if (pass.insideView) return;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const int x = program.view.sourceX(at.column(i)), y = program.view.sourceY(at.row(i));
    if (static_cast<unsigned>(x) >= static_cast<unsigned>(plane.width) ||
        static_cast<unsigned>(y) >= static_cast<unsigned>(plane.height))
      pixels[i] = Pixel{};
  }
}

}  // namespace framelane::cuda
