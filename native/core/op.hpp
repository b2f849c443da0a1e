#pragma once
// What an operation is to the planner and the executors. An op's own header is a plain struct (see native/ops); ops/registry.cpp
// wraps it.
#include <memory>
#include <string>
#include <vector>

#include "core/backend.hpp"
#include "core/color.hpp"
#include "core/format.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

struct Device;       // core/device.hpp
class ResultWriter;  // core/result.hpp
namespace custom {
struct Code;  // core/custom_code.hpp
}

/// One plane as an area op sees it. `scale` is the plane's resolution over the frame's (0.5 for 4:2:0 chroma).
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
  bool operator==(const AreaShape&) const = default;
};

/// An area op prepared for one shape: coefficients are made, `run` allocates nothing and does not wait. f32 planes hold any
/// value; integer output is floor(clamp(v, 0, plane.maxCode) + 0.5).
class AreaStage {
 public:
  virtual ~AreaStage() = default;
  virtual size_t scratchBytes() const { return 0; }
  /// Of tables that are worth keeping for the next one with the same values.
  virtual size_t coefficientBytes() const { return 0; }
  virtual void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const = 0;
};

/// A configured operation.
class Op {
 public:
  virtual ~Op() = default;
  /// The registry's own text: the same address for the same operation.
  virtual const char* name() const = 0;
  /// For a frame of that size.
  virtual Traits traits(Size input) const = 0;
  virtual ColorMatrix matrix() const { return {}; }  // affine
  virtual PointStep step(Size) const { return {}; }  // other point ops
  /// Where an operand of that size lies on a frame; a table at 0, 0.
  virtual Point place(Size, Size) const { return {}; }
  /// Throws where a frame of that size cannot be its first operand on one of the base's.
  virtual void checkOperand(Size, Size) const {}
  /// An operand that the op brings itself.
  virtual std::shared_ptr<const ImageBuffer> operandImage() const { return nullptr; }
  /// What it does, where the user has written it; its table is then its first operand.
  virtual std::shared_ptr<const custom::Code> code() const { return nullptr; }
  /// Window, all, and ops with a result: that is their output, as one row of bytes.
  virtual std::unique_ptr<AreaStage> prepare(Device&, const AreaShape&) const { return nullptr; }
  /// Writes a downloaded result.
  virtual void writeResult(const void*, ResultWriter&) const {}
  /// Whether both compute the same; only called for ops that are prepared.
  virtual bool sameAs(const Op&) const { return false; }
};

using Ops = std::vector<std::shared_ptr<const Op>>;

}  // namespace framelane
