#pragma once
// No CUDA header here: files outside cuda/ include it in every build.
#include <string>
#include <vector>

#include "cuda/nvrtc.hpp"

namespace framelane::cuda {

struct SpecialisedCount {
  int running = 0;      // programs that passes use
  int compiled = 0;     // of these, compiled by this process; the others were in the cache
  std::string failure;  // why the last one could not be compiled
};
SpecialisedCount specialisedCount();
/// A program for every point operation, for RGBA and for YUV, to see that NVRTC takes them. None without CUDA.
std::vector<CompileRequest> sampleSpecialisedPrograms();

}  // namespace framelane::cuda
