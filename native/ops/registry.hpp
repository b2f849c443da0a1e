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
};

/// Every operation a pipeline can name, in registry order.
const std::vector<OpEntry>& registry();
/// ERR_UNKNOWN_OP when there is none of that name.
const OpEntry& findOp(const std::string& name);

}  // namespace framelane
