#pragma once
// What is compiled once per instruction set. Only plain data crosses: the units behind these
// functions must not share an inline function with the rest of the program, or the linker could
// keep the copy that this machine cannot run.
#include "core/stencil.hpp"

namespace framelane {
struct MeasuredPart;  // core/measured.hpp
}

namespace framelane::cpu {

/// Straight alpha is multiplied into the colours when an area op reads, and taken out again when it
/// writes.
struct AlphaUse {
  bool multiply = false;
  bool divide = false;
};

/// A separable blur with symmetric kernels and clamped edges, tile by tile so that its rows stay in
/// L2.
struct BlurTask {
  Plane input, output;
  AlphaUse alpha;
  const float* weightsX;  // half kernels, radius + 1 weights
  const float* weightsY;
  int radiusX, radiusY;
  int tileWidth;  // pixels; a tile is at most that wide
  int chunkRows;  // output rows between two moves of the window
};

/// One axis of a resampling: see ResizeAxis.
struct AxisTaps {
  int taps;
  const int* first;
  const float* weights;
};

/// `alpha.multiply` needs the horizontal axis first.
struct ResampleTask {
  Plane input, output;
  AlphaUse alpha;
  AxisTaps x, y;
};

/// Pixels are filtered in columns of this many floats: 8 rows of one channel, or 2 rows of four.
constexpr int kLanes = 8;
/// Vertical-first resampling gathers this many floats of each row before it turns them into lanes.
constexpr int kSegment = 128;

/// Where a blur's parts lie in its scratch, in floats: a group of a tile's rows as lanes, then the
/// window.
FL_HD constexpr int blurColumns(const BlurTask& task) { return (task.tileWidth + 7) / 8 * 8; }
FL_HD constexpr size_t blurLaneFloats(const BlurTask& task) {
  return static_cast<size_t>(blurColumns(task) + 2 * task.radiusX) * kLanes;
}
/// The extra cache line keeps rows of 2^n pixels from meeting in the same cache sets.
FL_HD constexpr ptrdiff_t blurRowStride(const BlurTask& task) { return blurColumns(task) * task.input.channels + 16; }
constexpr size_t blurScratchFloats(const BlurTask& task) {
  const int rows = 2 * task.radiusY + task.chunkRows + kLanes;  // a last, partial group of rows is written whole
  return (blurLaneFloats(task) + static_cast<size_t>(rows) * blurRowStride(task) + 15) / 16 * 16;
}

/// A stencil works on tiles that are so wide, whose rows lie in scratch memory as floats, a channel after the other: 67 KB for a
/// reach of 1. A quarter of it would stay in L1 and take a seventh less for pictures in the cache, but a third more for
/// 1080p, whose rows would be read in pieces too short to prefetch.
constexpr int stencilTileWidth(int channels) { return 4096 / channels; }
/// Of one channel of such a row: the tile between two margins, which hold what the windows reach and whole vectors.
constexpr int kStencilMargin = 16;
constexpr int stencilPlaneFloats(int channels) { return stencilTileWidth(channels) + 2 * kStencilMargin; }
/// The rows that a window spans, and the result.
constexpr size_t stencilScratchFloats(const Stencil& stencil, int channels) {
  return static_cast<size_t>(2 * stencil.reach + 2) * channels * stencilPlaneFloats(channels);
}

struct StencilTask {
  Plane input, output;
  bool straightAlpha;
  Stencil stencil;
};

struct Kernels {
  const char* name;
  /// Rows y0..y1-1 of the output; y0 is even where chroma rows are shared.
  void (*pointRows)(const PointProgram&, int y0, int y1);
  void (*blurTile)(const BlurTask&, float* scratch, int x0, int x1, int y0, int y1);
  void (*stencilTile)(const StencilTask&, float* scratch, int x0, int x1, int y0, int y1);
  /// Adds rows of an RGBA plane to the bins, or makes one part, of each of five channels.
  void (*histogramRows)(const Plane&, uint32_t (*bins)[256], int y0, int y1);
  void (*statisticsRows)(const Plane&, MeasuredPart* parts, int y0, int y1);
  void (*resampleVerticalFirst)(const ResampleTask&, void* scratch, int y0, int y1);
  void (*resampleHorizontalFirst)(const ResampleTask&, void* scratch, int y0, int y1);
};

#define FL_DECLARE_KERNELS(isa)                                                     \
  namespace isa {                                                                   \
  void pointRows(const PointProgram&, int y0, int y1);                              \
  void blurTile(const BlurTask&, float* scratch, int x0, int x1, int y0, int y1);   \
  void stencilTile(const StencilTask&, float* scratch, int, int, int y0, int y1);   \
  void histogramRows(const Plane&, uint32_t (*bins)[256], int y0, int y1);          \
  void statisticsRows(const Plane&, MeasuredPart* parts, int y0, int y1);           \
  void resampleVerticalFirst(const ResampleTask&, void* scratch, int y0, int y1);   \
  void resampleHorizontalFirst(const ResampleTask&, void* scratch, int y0, int y1); \
  }
FL_DECLARE_KERNELS(baseline)
FL_DECLARE_KERNELS(avx2)
FL_DECLARE_KERNELS(avx512)
#undef FL_DECLARE_KERNELS

/// The best set this machine runs, or the one that FRAMELANE_CPU_ISA names; ERR_INVALID_ARGUMENT if
/// it cannot.
const Kernels& selectKernels();

}  // namespace framelane::cpu
