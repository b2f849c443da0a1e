#pragma once
#include "core/stencil.hpp"
#include "ops/custom_values.hpp"

namespace framelane {

/// A pixel from itself and its neighbours, by code of the user's. Its inputs r, g, b and a are the middle of its window.
struct CustomStencil : CustomValues {
  int radius;
  bool operator==(const CustomStencil&) const = default;
  void read(Reader& reader) {
    radius = reader.integer("radius");
    readValues(reader, radius);
  }

  int reach() const { return radius; }
  custom::Kernel kernel(const AreaShape& shape) const { return kernelOn(shape.input); }
};

}  // namespace framelane
