#pragma once
// The kernel of a fused pass, and which instance of it a pass takes. Passes with code of the user's have instances of their own,
// in a unit of their own: the interpreter would cost the others registers.
#include "cuda/launch.cuh"
#include "cuda/point_rows.cuh"
#include "cuda/point_steps.cuh"
#include "cuda/point_tiles.cuh"

namespace framelane::cuda {

/// 48 registers a thread let ten of these share a multiprocessor; 64 and 256 threads measure alike.
constexpr dim3 kPointBlock{32, kWarps};

template <class Layout, bool kCoded>
__global__ void __launch_bounds__(kPointThreads) pointPass(const __grid_constant__ Pass pass) {
  const Layout at(pass);
  if (at.idle(pass.program.output.planes[0])) return;
  Pixels pixels;
  if (pass.program.readsInput)
    load(pixels, at, pass);
  else
    clear(pixels);
  runSteps<Layout, kCoded>(pixels, at, pass.program);
  store(pixels, at, pass);
}

struct PointStart {
  const Pass& pass;
  cudaStream_t stream;
  size_t sharedBytes = 0;
  int warps = kWarps;  // that store
};

template <class Layout, bool kCoded>
void start(const PointStart& how) {
  const Size size = how.pass.program.output.shape.size();
  const dim3 grid{ceilDiv(size.width, Layout::kWidth), ceilDiv(size.height, Layout::kHeight * how.warps)};
  launch(pointPass<Layout, kCoded>, {grid, kPointBlock, how.stream, how.sharedBytes}, how.pass);
}

template <class Layout, bool kCoded>
void startFor(const PointStart& how) {
  const auto isPlain = [](const Access& access) { return access.element != Element::u16 && !access.alpha; };
  if constexpr (!kCoded)
    if (isPlain(how.pass.input) && isPlain(how.pass.output)) return start<Plain<Layout>, kCoded>(how);
  start<Layout, kCoded>(how);
}

template <bool kCoded>
void startPass(PointStart how) {
  const Pass& pass = how.pass;
  // Frames with two outputs are RGBA of bytes and floats.
  if (pass.program.second.data) return start<Twice<Plain<RowLayout>>, kCoded>(how);
  // Only subsampled chroma can be resampled, and RGBA has none to store.
  const bool resampled = pass.program.chroma == ChromaGrid::resampled;
  const bool interpolates = resampled && pass.input.shiftX;
  const bool filters = resampled && pass.output.shiftX;
  if (pass.output.rgba)
    return interpolates ? startFor<ResampledRowLayout, kCoded>(how) : startFor<RowLayout, kCoded>(how);
  if (!interpolates && !filters) return startFor<TileLayout, kCoded>(how);
  how.warps = kWarps - ResampledTileLayout::helpingWarps(pass.output);
  startFor<ResampledTileLayout, kCoded>(how);
}

}  // namespace framelane::cuda
