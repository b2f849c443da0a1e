#pragma once
#include "core/program.hpp"
#include "core/reader.hpp"

namespace framelane {

/// Mirrors: horizontal swaps left and right.
struct Flip {
  enum class Direction { horizontal, vertical, both };
  Direction direction;
  void read(Reader& reader) {
    direction = readEnum<Direction>(reader, "direction", {"horizontal", "vertical", "both"});
  }
  View view(Size size) const {
    return {0, 0, size.width, size.height, direction != Direction::vertical, direction != Direction::horizontal};
  }
};

}  // namespace framelane
