#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Where an op has a region: what the op made of it, put back.
struct Place {
  int x = 0, y = 0;
  void read(Reader&) {}
  static constexpr int kOperands = 1;
  struct Kernel {
    float unused;
  };
  Kernel kernel(Size) const { return {}; }
  Point place(Size, Size) const { return {x, y}; }

  FL_HD static Pixel apply(Pixel, Pixel placed, const Kernel&) { return placed; }
};

}  // namespace framelane
