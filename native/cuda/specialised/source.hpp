#pragma once
// A fused pass written as a program of its own: its steps one after the other instead of the interpreter's loop, its formats and
// matrices' kinds as constants. Values stay in the argument, so a slider compiles nothing. Where a
// step ends in a product and the next begins with a sum, one rounding is saved: the last bit of a float may differ from the
// interpreter's, and very few codes by one. (To keep them apart takes register moves that cost half of the gain.)
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/custom_code.hpp"
#include "cuda/nvrtc.hpp"
#include "cuda/point_layout.cuh"

namespace framelane::cuda {

/// The instances of the fused kernel, beside whether they are plain.
enum class PointLayout : uint8_t { row, resampledRow, tile, resampledTile, rowTwice };

/// The code of a pass's custom steps, in their order.
using Codes = std::vector<std::shared_ptr<const custom::Code>>;

/// All that a specialised program depends on. Compared byte by byte, so it has no padding that is not zero.
struct Specialisation {
  Access input{}, output{};
  Map load{}, store{};
  PointLayout layout{};
  bool plain = false;
  bool readsInput = false;
  bool unitStore = false;
  bool insideView = false;
  bool directView = false;
  uint8_t stepCount = 0;
  std::array<uint8_t, kMaxSteps> steps{};     // PointIds
  std::array<uint32_t, kMaxSources> codes{};  // their serials
};

/// Of a pass that runs in that instance.
Specialisation specialisationOf(const Pass& pass, PointLayout layout, const Codes& codes);
/// Its kernel is called `fused` and takes a Pass.
CompileRequest specialisedProgram(const Specialisation& what, const Codes& codes, const std::string& architecture);

}  // namespace framelane::cuda
