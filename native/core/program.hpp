#pragma once
// A fused pass: load a frame, run a list of point steps on every pixel, store a frame. Plain data, trivially copyable and
// below 4 KiB, so that it travels to a CUDA kernel by value as a __grid_constant__ parameter.
//
// For each pixel (x, y) of `output`:
//   1. raw = the input sample at the viewed position: integer samples as code values, f32 as stored.
//      4:2:0 and 4:2:2 chroma: see ChromaGrid. Outside the input: raw is skipped and the pixel is transparent black (0,0,0,0).
//      Inputs without alpha have raw alpha 1 (opaque); gray has no chroma, its raw is (y, c, c) with c = 2^(bits - 1).
//   2. pixel = load matrix (raw)
//   3. pixel = step (pixel) for each step
//   4. raw = store matrix (pixel); 4:2:0 and 4:2:2 chroma: see ChromaGrid.
//   5. integers: floor(clamp(raw, 0, plane.maxCode) + 0.5), NaN -> 0; f32: as it is.
//   6. The second output, where there is one, takes what the first one then holds: bytes of floats are 255 times as much,
//      rounded as in 5.
#include <cstring>
#include <type_traits>

#include "core/color.hpp"
#include "core/format.hpp"
#include "core/pixel.hpp"

namespace framelane {

constexpr int kMaxSteps = 24;
constexpr int kMaxSources = 4;
constexpr size_t kStepBytes = 56;

/// Reads pixel (x, y) of the output from (x0 + x, y0 + y) of the input, mirrored inside the viewed rectangle if asked.
struct View {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool flipX = false;
  bool flipY = false;
  bool operator==(const View&) const = default;

  FL_HD int sourceX(int outX) const { return x + (flipX ? width - 1 - outX : outX); }
  FL_HD int sourceY(int outY) const { return y + (flipY ? height - 1 - outY : outY); }
};

/// One point operation with its kernel parameters.
struct PointStep {
  uint32_t id = 0;      // PointId
  int32_t source = -1;  // index into PointProgram::sources, or -1
  alignas(8) std::byte data[kStepBytes] = {};
  bool operator==(const PointStep&) const = default;

  template <class Kernel>
  void set(const Kernel& kernel) {
    static_assert(std::is_trivially_copyable_v<Kernel> && sizeof(Kernel) <= kStepBytes);
    std::memcpy(data, &kernel, sizeof(Kernel));
  }
  template <class Kernel>
  FL_HD const Kernel& as() const {
    return *reinterpret_cast<const Kernel*>(data);
  }
};

/// A second image, placed with its top-left pixel at (x, y) of the output. RGBA, straight alpha; rgba8 samples are
/// divided by 255. Pixels outside it leave the base untouched.
struct SourceView {
  Plane plane;
  int x = 0;
  int y = 0;
  bool operator==(const SourceView&) const = default;
};

/// How a pass meets subsampled chroma.
enum class ChromaGrid : uint8_t {
  /// Input and output have the same one: chroma is replicated when loading and the mean of the 2x2 or 2x1 pixels it covers is
  /// stored (of those that exist, at an odd edge), so that what no step changes comes out bit for bit.
  kept,
  /// Only one of them has it, or they differ: the load interpolates linearly between the chroma samples' locations
  /// (shape.color.chromaLocation), beyond the outermost ones with their value; the store filters to the location. Along an
  /// axis where samples lie between two pixels it takes the mean of both, where they lie on one the weights are 1 2 1; pixels
  /// beyond the frame are its edge pixels.
  resampled,
};

struct PointProgram {
  Frame input;
  Frame output;
  /// Another image of the output's size, RGBA of bytes or floats as that is; without an address there is none. It never takes
  /// floats of bytes.
  Plane second;
  View view;
  PackedMatrix load;
  PackedMatrix store;
  int stepCount = 0;
  bool readsInput = true;  // false: the first step generates every pixel (raw is 0,0,0,0)
  bool opaque = false;  // every pixel's alpha is 1 after the load and after every step; the view stays inside the input
  bool loadIsIdentity = false;
  bool storeIsIdentity = false;
  ChromaGrid chroma = ChromaGrid::kept;
  PointStep steps[kMaxSteps];
  SourceView sources[kMaxSources];
  bool operator==(const PointProgram&) const = default;
};

static_assert(std::is_trivially_copyable_v<PointProgram> && sizeof(PointProgram) < 4096);

}  // namespace framelane
