#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// max(0, c)^(1 / gamma): above 1 brightens
struct Gamma {
  double gamma;
  void read(Reader& reader) { gamma = reader.number("gamma"); }

  struct Kernel {
    float exponent;
  };
  Kernel kernel(Size) const { return {static_cast<float>(1 / gamma)}; }

  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) {
    return {powFast(p.r, k.exponent), powFast(p.g, k.exponent), powFast(p.b, k.exponent), p.a};
  }
};

}  // namespace framelane
