#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/op.hpp"
#include "core/reader.hpp"

namespace framelane {

struct OpEntry {
  const char* name;
  std::shared_ptr<const Op> (*make)(const char* name, Reader& reader);
  bool coded = false;  // it does what the code in its stage says
};

/// Every operation a pipeline can name, in registry order.
const std::vector<OpEntry>& registry();
/// ERR_UNKNOWN_OP when there is none of that name.
const OpEntry& findOp(const std::string& name);

// Ops that no stage names: a stage's mask or region adds them.

/// The first operand where the second one, the mask, has light: an op under a mask. Without an image the mask is a frame.
std::shared_ptr<const Op> mixOp(std::shared_ptr<const ImageBuffer> mask);
/// The operand in place of the pixels that it covers, its top-left one at (x, y): an op in a region.
std::shared_ptr<const Op> placeOp(int x, int y, Size size);

}  // namespace framelane
