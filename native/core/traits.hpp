#pragma once
// What the planner may know of an operation. It reads nothing else: neither names, nor what ops of a kind happen to do today.
#include <cstddef>
#include <cstdint>

#include "core/format.hpp"
#include "core/program.hpp"

namespace framelane {

/// What a pixel of the result depends on: that pixel of the input; one pixel elsewhere, as Traits::view says; its neighbours;
/// any pixel.
enum class Reach : uint8_t { point, view, window, all };

/// What becomes of a frame without transparency; `makes` gives one from any frame.
enum class Opaqueness : uint8_t { keeps, makes, breaks };

/// The defaults are the strictest: such an op is never reordered and works on RGBA.
struct Traits {
  Reach reach = Reach::all;
  Opaqueness opaqueness = Opaqueness::breaks;
  bool affine = false;      // point: one colour matrix
  bool sumOne = false;      // weights that sum to 1, so that colour matrices commute with it
  bool planar = false;      // may work on the planes of an opaque YUV frame, each by itself
  bool positional = false;  // point: depends on the position
  bool generates = false;   // point: ignores its input
  int operands = 0;         // point: other images and tables it takes
  size_t result = 0;        // bytes of its result; such an op does not change the frame
  Size size;                // of the result
  View view;                // reach view
  bool operator==(const Traits&) const = default;
};

}  // namespace framelane
