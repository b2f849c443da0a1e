#pragma once
// What an operation is to the planner. An op's own header is a plain struct (see native/ops); registry.cpp wraps it.
#include <memory>
#include <string>
#include <vector>

#include "core/backend.hpp"
#include "core/color.hpp"
#include "core/format.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

enum class OpKind {
  affine,  // one colour matrix
  point,   // pixel -> pixel, may depend on the position
  source,  // pixel and the pixel of a placed second image -> pixel
  table,   // pixel and what a table holds for it -> pixel
  view,    // reads its input elsewhere: flip, crop
  area,    // needs neighbours
};

/// One plane as an area op meets it. `scale` is the plane's resolution over the frame's (0.5 for 4:2:0 chroma).
struct AreaShape {
  Size input;
  Size output;
  int channels;
  Element inputElement;
  Element outputElement;
  double scaleX = 1;
  double scaleY = 1;
  /// How far the plane's samples lie from the middle of what they stand for, in samples of this plane (-0.25 for left chroma):
  /// resizing keeps that distance on the output's grid, everything else need not care.
  double shiftX = 0;
  double shiftY = 0;
  /// 4 channels whose RGB is not multiplied by alpha: multiply when reading a sample, divide when writing the result
  /// (transparent black where the filtered alpha is below 1e-6). Filtering straight alpha would bleed hidden colours.
  bool straightAlpha = false;
};

/// An area op prepared for one shape: coefficients are made, `run` allocates nothing and does not wait. f32 planes hold any
/// value; integer output is floor(clamp(v, 0, plane.maxCode) + 0.5).
class AreaStage {
 public:
  virtual ~AreaStage() = default;
  virtual size_t scratchBytes() const { return 0; }
  virtual void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const = 0;
};

using AreaPrepare = std::unique_ptr<AreaStage> (*)(Backend&, const AreaShape&);

/// A configured operation.
class Op {
 public:
  virtual ~Op() = default;
  virtual const char* name() const = 0;
  virtual OpKind kind() const = 0;
  virtual Size outputSize(Size input) const { return input; }
  /// Whether an opaque (or not) input gives an opaque output.
  virtual bool opaque(bool input, Size) const { return input; }
  /// Whether colour matrices commute with it: its weights sum to one. Only such ops run on YUV planes.
  virtual bool linear() const {
    return kind() == OpKind::affine || kind() == OpKind::view || kind() == OpKind::area;
  }
  virtual bool generates() const { return false; }            // point: ignores its input
  virtual bool positional() const { return false; }           // point: depends on the position
  virtual ColorMatrix matrix() const { return {}; }           // affine
  virtual PointStep step(Size) const { return {}; }           // point, source, table
  virtual SourceView source(Size) const { return {}; }        // source: placed on a frame of that size; table: at 0, 0
  virtual std::shared_ptr<const ImageBuffer> sourceImage() const { return nullptr; }
  virtual View view(Size) const { return {}; }                // view
  virtual std::unique_ptr<AreaStage> prepare(Backend&, const AreaShape&) const { return nullptr; }  // area
};

}  // namespace framelane
