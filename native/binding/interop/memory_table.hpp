#pragma once
// The memory handles of an environment by number, which launches name.
#include <cstdint>
#include <unordered_map>

#include "binding/number_argument.hpp"
#include "interop/memory.hpp"

namespace framelane::binding {

/// Numbers begin at 1 and are never used again.
class MemoryTable {
 public:
  /// The memory stays where it is until it is removed.
  double add(const interop::Memory& memory) {
    memories_.emplace(++last_, &memory);
    return static_cast<double>(last_);
  }
  void remove(double number) noexcept { memories_.erase(static_cast<uint64_t>(number)); }
  /// ERR_DISPOSED for one that has been removed, ERR_INVALID_ARGUMENT for what never was a number of memory.
  const interop::Memory& at(double number) const {
    if (!isInteger(number, 1, static_cast<double>(last_)))
      fail("ERR_INVALID_ARGUMENT", "memory: expected the number of some");
    const auto found = memories_.find(static_cast<uint64_t>(number));
    if (found == memories_.end()) fail("ERR_DISPOSED", "the buffer has been freed");
    return *found->second;
  }

 private:
  std::unordered_map<uint64_t, const interop::Memory*> memories_;
  uint64_t last_ = 0;
};

}  // namespace framelane::binding
