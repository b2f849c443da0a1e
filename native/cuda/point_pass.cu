// The fused pass on CUDA: load, steps, store in one kernel, whatever the formats and however many
// steps. Eight instances hold every format and operation: by the output's layout, whether chroma is
// resampled, and whether there are u16 samples or alpha planes; a ninth has two outputs. All other
// choices are uniform branches, which cost less than they would save as templates.
//
// H200, 2026-11-21, back to back launches, 1080p and 2160p in us (device copy of the same bytes in
// brackets). "Steps" are one folded matrix, gamma, hue and vignette:
//   rgba8 to rgba8, steps              12.8 (6.8)   40.3 (18.6)
//   rgba8 to rgba8, nothing else        8.0         22.2
//   yuv420p to yuv420p, steps          14.2 (5.8)   46.0 (10.8)
//   yuv420p10 to yuv420p10, steps      15.1 (7.8)   48.9 (14.6)
//   rgba16 to rgba16, nothing else     11.1 (10.8)  34.6 (34.0)
//   rgbaf32 to yuv420p, chroma left    12.9 (13.5)  39.4 (38.8)
//                      chroma topLeft  15.0         46.4
//   yuv420p to rgbaf32, interpolated   15.5 (13.5)  47.5 (38.8)
//   yuv420p to rgba8, interpolated     14.7 (7.5)   41.4 (15.6)
// The first is bound by instructions: 124 a pixel, 8.7 us at 1080p if every cycle issued four; 8 of
// them are special functions, 4.3 us. A kernel without the interpreter's loop took 2 us less.
#include "cuda/point_pass.hpp"

#include <algorithm>

#include "cuda/point_pass.cuh"
#include "cuda/point_pass_coded.hpp"

namespace framelane::cuda {

namespace {

Access accessOf(const Frame& frame) {
  const PixelFormat format = frame.shape.format;
  const LayoutInfo info = format.info();
  const ChromaLocation location = frame.shape.color.chromaLocation;
  Access access{.element = format.element,
                .rgba = info.channels == 4,
                .chroma = info.planes >= 3,
                .alpha = info.planes == 4,
                .wide = true,
                .shiftX = info.subsampleX,
                .shiftY = info.subsampleY,
                .coSitedX = location != ChromaLocation::center,
                .coSitedY = location == ChromaLocation::topLeft,
                .maxCode = static_cast<float>(format.maxCode()),
                .neutral = static_cast<float>(1 << (format.bits - 1))};
  for (int i = 0; i < info.planes; i++) {
    const Plane& plane = frame.planes[i];
    const size_t run = 2 * info.channels * elementBytes(format.element);
    if ((reinterpret_cast<uintptr_t>(plane.data) | static_cast<size_t>(plane.stride)) % run != 0) access.wide = false;
  }
  return access;
}

Map mapOf(const PackedMatrix& k, bool identity) {
  if (identity) return Map::identity;
  for (int i = 0; i < 12; i++)
    if (i % 5 != 0 && k.m[i] != 0) return Map::full;
  return Map::diagonal;
}

bool isUnitStore(const PackedMatrix& k, Map map) {
  return map == Map::diagonal && k.m[0] == 255 && k.m[5] == 255 && k.m[10] == 255 && k.alpha == 255;
}

bool isInside(const View& view, Size input) {
  return view.x >= 0 && view.y >= 0 && view.x + view.width <= input.width && view.y + view.height <= input.height;
}

bool isDirect(const View& view) { return !view.flipX && !view.flipY && view.x % 2 == 0 && view.y % 2 == 0; }

bool isCoded(const PointStep& step) {
  switch (static_cast<PointId>(step.id)) {
#define FL_CODED_POINT(Struct, name) case PointId::Struct:
#include "ops/registry.def"
    return true;
    default: return false;
  }
}

}  // namespace

void runPointPass(const PointProgram& program, cudaStream_t stream) {
  Pass pass{};
  pass.program = program;
  pass.output = accessOf(program.output);
  pass.load = mapOf(program.load, program.loadIsIdentity);
  pass.store = mapOf(program.store, program.storeIsIdentity);
  pass.unitStore = isUnitStore(program.store, pass.store);
  if (program.readsInput) {
    pass.input = accessOf(program.input);
    pass.insideView = isInside(program.view, program.input.shape.size());
    pass.directView = pass.insideView && isDirect(program.view);
  }
  if (std::any_of(program.steps, program.steps + program.stepCount, isCoded))
    startCodedPass(pass, stream);
  else
    startPass<false>({pass, stream});
}

}  // namespace framelane::cuda
