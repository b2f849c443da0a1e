#pragma once
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// max(0, c)^(1 / gamma): above 1 brightens
struct Gamma {
  double gamma;
  void read(Reader& reader) { gamma = reader.number("gamma"); }

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    float exponent;
  };
  Kernel kernel(Size) const { return {static_cast<float>(1 / gamma)}; }

  FL_HD static Pixel firstHalf(Pixel p, const Kernel&) { return {logOfBase(p.r), logOfBase(p.g), logOfBase(p.b), p.a}; }
  FL_HD static Pixel secondHalf(Pixel log, const Kernel& k) {
    return {powerOfLog(log.r, k.exponent), powerOfLog(log.g, k.exponent), powerOfLog(log.b, k.exponent), log.a};
  }
  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) { return secondHalf(firstHalf(p, k), k); }
};

}  // namespace framelane
