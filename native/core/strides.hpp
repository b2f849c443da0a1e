#pragma once
// Copies between two arrays of one shape that lie differently in memory.
#include <array>
#include <cstddef>
#include <cstdint>

namespace framelane {

constexpr int kMostDimensions = 8;

/// Strides in bytes, of either sign. Without dimensions it is one element.
struct StridedCopy {
  int rank = 0;
  size_t elementBytes = 1;
  std::array<int64_t, kMostDimensions> sizes{};
  std::array<int64_t, kMostDimensions> to{};
  std::array<int64_t, kMostDimensions> from{};

  size_t count() const {
    size_t total = 1;
    for (int i = 0; i < rank; i++) total *= static_cast<size_t>(sizes[i]);
    return total;
  }
  /// The same with as few dimensions as possible: neighbours that lie behind one another on both sides become one.
  StridedCopy simplified() const {
    StridedCopy result{.elementBytes = elementBytes};
    for (int i = 0; i < rank; i++) {
      if (sizes[i] == 1) continue;
      const int last = result.rank - 1;
      if (last >= 0 && result.to[last] == to[i] * sizes[i] && result.from[last] == from[i] * sizes[i]) {
        result.sizes[last] *= sizes[i];
        result.to[last] = to[i];
        result.from[last] = from[i];
        continue;
      }
      result.sizes[result.rank] = sizes[i];
      result.to[result.rank] = to[i];
      result.from[result.rank] = from[i];
      result.rank++;
    }
    return result;
  }
};

/// The bytes that an array touches, from its first element: [low, high).
struct Extent {
  int64_t low = 0;
  int64_t high = 0;
};

inline Extent extentOf(const StridedCopy& copy, const std::array<int64_t, kMostDimensions>& strides) {
  if (copy.count() == 0) return {};
  Extent extent{0, static_cast<int64_t>(copy.elementBytes)};
  for (int i = 0; i < copy.rank; i++) {
    const int64_t reach = (copy.sizes[i] - 1) * strides[i];
    (reach < 0 ? extent.low : extent.high) += reach;
  }
  return extent;
}

}  // namespace framelane
