#pragma once
#include <vector>

#include "cuda/nvrtc.hpp"

namespace framelane::cuda {

/// Our own headers that the fused pass is made of, as this addon was built from (embed.cmake).
const std::vector<SourceHeader>& embeddedHeaders();

}  // namespace framelane::cuda
