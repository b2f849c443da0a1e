#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace framelane::binding {

/// How a launch of a kernel crosses: in memory that both sides share, so a call takes one number. The offsets are those of the
/// arguments in `data`.
struct LaunchBlock {
  static constexpr size_t kMostArguments = 1016;
  static constexpr size_t kMostBytes = 32764;  // CUDA's limit
  /// An argument that is memory, by the number of a handle or of an image; the other number is 0. Its address is filled in.
  struct Memory {
    double handle;
    double image;
    double offset;  // from the start of the memory
    double at;      // in `data`
  };
  std::array<uint32_t, 3> grid;
  std::array<uint32_t, 3> block;
  uint32_t sharedBytes;
  uint32_t count;
  std::array<uint32_t, kMostArguments> offsets;
  alignas(16) std::array<std::byte, kMostBytes + 4> data;
  std::array<Memory, kMostArguments> memories;
};
static_assert(offsetof(LaunchBlock, data) == 4096 && offsetof(LaunchBlock, memories) == 36864);

}  // namespace framelane::binding
