#pragma once
#include <cstddef>

namespace framelane {

/// What a cache holds.
struct CacheCount {
  size_t count = 0;
  size_t bytes = 0;
};

}  // namespace framelane
