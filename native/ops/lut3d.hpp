#pragma once
#include "core/image.hpp"
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"

namespace framelane {

/// Mixes the colour with the one a table holds for it. A 3-D table has size^3 entries, red fastest; a 1-D table has `size`,
/// whose red is the curve of red and so on. Between entries: tetrahedral (Kasson et al. 1995), trilinear, linear for 1-D.
struct Lut3d {
  Lut lut;
  enum class Interpolation { tetrahedral, trilinear } interpolation;
  double strength;
  void read(Reader& reader) {
    lut = reader.lut("lut");
    interpolation = readEnum<Interpolation>(reader, "interpolation", {"tetrahedral", "trilinear"});
    strength = reader.number("strength");
  }
  const std::shared_ptr<const ImageBuffer>& operandImage() const { return lut.table; }

  enum class Mode { tetrahedral, trilinear, curves };
  static constexpr int kOperands = 1;
  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    Mode mode;
    int size;
    float scale[3], offset[3];  // a colour to a position in the table
    float strength;
  };
  Kernel kernel(Size) const {
    const Mode mode = lut.dimensions == 1                           ? Mode::curves
                      : interpolation == Interpolation::tetrahedral ? Mode::tetrahedral
                                                                    : Mode::trilinear;
    Kernel k{mode, lut.size, {}, {}, static_cast<float>(strength)};
    for (int i = 0; i < 3; i++) {
      const double scale = (lut.size - 1) / (lut.domainMax[i] - lut.domainMin[i]);
      k.scale[i] = static_cast<float>(scale);
      k.offset[i] = static_cast<float>(-lut.domainMin[i] * scale);
    }
    return k;
  }

  /// The entry below a position on one axis, and how far it is to the next.
  struct Cell {
    int index;
    float fraction;
  };
  FL_HD static Cell cellOf(float color, float scale, float offset, int size) {
    const float position = minf(maxf(color * scale + offset, 0.0f), static_cast<float>(size - 1));
    const int floor = static_cast<int>(position);
    const int index = floor < size - 2 ? floor : size - 2;
    return {index, position - static_cast<float>(index)};
  }

  /// Entries and their shares.
  template <int kCount>
  struct Corners {
    int index[kCount];
    float weight[kCount];
  };

  /// From the cell's first corner to its last, along the axes by falling fraction.
  FL_HD static Corners<4> tetrahedron(Cell r, Cell g, Cell b, int size) {
    const int stepG = size, stepB = size * size, base = r.index + g.index * stepG + b.index * stepB;
    const float most = maxf(r.fraction, maxf(g.fraction, b.fraction));
    const float least = minf(r.fraction, minf(g.fraction, b.fraction));
    const float middle = r.fraction + g.fraction + b.fraction - most - least;
    const int firstOfRest = most == g.fraction ? stepG : stepB, first = most == r.fraction ? 1 : firstOfRest;
    const int lastOfRest = least == g.fraction ? stepG : 1, last = least == b.fraction ? stepB : lastOfRest;
    const int end = base + 1 + stepG + stepB;
    return {{base, base + first, end - last, end}, {1.0f - most, most - middle, middle - least, least}};
  }

  FL_HD static Corners<8> cube(Cell r, Cell g, Cell b, int size) {
    const int g0 = r.index + g.index * size, g1 = g0 + size, step = size * size;
    const int b0 = b.index * step, b1 = b0 + step;
    const float r1 = r.fraction, r0 = 1.0f - r1;
    const float w00 = (1.0f - g.fraction) * (1.0f - b.fraction), w10 = g.fraction * (1.0f - b.fraction);
    const float w01 = (1.0f - g.fraction) * b.fraction, w11 = g.fraction * b.fraction;
    return {{g0 + b0, g0 + b0 + 1, g1 + b0, g1 + b0 + 1, g0 + b1, g0 + b1 + 1, g1 + b1, g1 + b1 + 1},
            {r0 * w00, r1 * w00, r0 * w10, r1 * w10, r0 * w01, r1 * w01, r0 * w11, r1 * w11}};
  }

  template <Mode kMode>
  FL_HD static auto corners(Pixel p, const Kernel& k) {
    const Cell r = cellOf(p.r, k.scale[0], k.offset[0], k.size);
    const Cell g = cellOf(p.g, k.scale[1], k.offset[1], k.size);
    const Cell b = cellOf(p.b, k.scale[2], k.offset[2], k.size);
    if constexpr (kMode == Mode::tetrahedral) return tetrahedron(r, g, b, k.size);
    if constexpr (kMode == Mode::trilinear) return cube(r, g, b, k.size);
  }

  template <int kCount>
  FL_HD static Pixel sum(const Corners<kCount>& corners, const Table& table) {
    Pixel total{};
    for (int i = 0; i < kCount; i++) {
      const Pixel entry = table[corners.index[i]];
      const float weight = corners.weight[i];
      total = {total.r + weight * entry.r, total.g + weight * entry.g, total.b + weight * entry.b, 0.0f};
    }
    return total;
  }

  FL_HD static Pixel curves(Pixel p, const Table& table, const Kernel& k) {
    const Cell r = cellOf(p.r, k.scale[0], k.offset[0], k.size);
    const Cell g = cellOf(p.g, k.scale[1], k.offset[1], k.size);
    const Cell b = cellOf(p.b, k.scale[2], k.offset[2], k.size);
    return {mix(table[r.index].r, table[r.index + 1].r, r.fraction),
            mix(table[g.index].g, table[g.index + 1].g, g.fraction),
            mix(table[b.index].b, table[b.index + 1].b, b.fraction), 0.0f};
  }

  FL_HD static Pixel mixed(Pixel p, Pixel found, const Kernel& k) {
    return {mix(p.r, found.r, k.strength), mix(p.g, found.g, k.strength), mix(p.b, found.b, k.strength), p.a};
  }

  FL_HD static Pixel apply(Pixel p, const Table& table, const Kernel& k) {
    switch (k.mode) {
      case Mode::tetrahedral: return mixed(p, sum(corners<Mode::tetrahedral>(p, k), table), k);
      case Mode::trilinear: return mixed(p, sum(corners<Mode::trilinear>(p, k), table), k);
      case Mode::curves: return mixed(p, curves(p, table, k), k);
    }
    return p;
  }
};

}  // namespace framelane
