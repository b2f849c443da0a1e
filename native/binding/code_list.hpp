#pragma once
// Code of the user's operations, checked when they are defined. Calls and stages name it by its number. It stays as long as the
// environment, as the definitions do.
#include <cmath>
#include <memory>
#include <vector>

#include "core/custom_code.hpp"
#include "core/error.hpp"

namespace framelane::binding {

class CodeList {
 public:
  double add(std::shared_ptr<const custom::Code> code, int reach) {
    entries_.push_back({std::move(code), reach});
    return static_cast<double>(entries_.size() - 1);
  }
  /// ERR_INVALID_ARGUMENT for no number of one, or of one that reads farther than the operation says.
  const std::shared_ptr<const custom::Code>& at(double number, int reach) const {
    if (!(number >= 0 && number < static_cast<double>(entries_.size())) || number != std::floor(number))
      fail("ERR_INVALID_ARGUMENT", "code: expected the number of defined code");
    const Entry& entry = entries_[static_cast<size_t>(number)];
    if (entry.reach != reach)
      fail("ERR_INVALID_ARGUMENT", "code: expected one of reach " + std::to_string(reach) + ", received one of reach " +
                                       std::to_string(entry.reach));
    return entry.code;
  }

 private:
  struct Entry {
    std::shared_ptr<const custom::Code> code;
    int reach;
  };
  std::vector<Entry> entries_;
};

}  // namespace framelane::binding
