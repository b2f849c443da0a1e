#pragma once
// No CUDA header here: files outside cuda/ include it in every build.
#include <string>

namespace framelane::cuda {

struct SpecialisedCount {
  int running = 0;      // programs that passes use
  int compiled = 0;     // of these, compiled by this process; the others were in the cache
  std::string failure;  // why the last one could not be compiled
};
SpecialisedCount specialisedCount();

}  // namespace framelane::cuda
