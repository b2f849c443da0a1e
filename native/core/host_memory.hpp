#pragma once
// How much memory the host has for this process: of the machine, or of the control group (a container) where that is less.
#include <cstddef>

namespace framelane {

struct HostMemory {
  size_t total;
  size_t available;  // without making anything else smaller but caches
};

/// Reads a few files of /proc and /sys: some 50 us.
HostMemory hostMemory();

}  // namespace framelane
