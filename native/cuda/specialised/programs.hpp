#pragma once
// Specialised programs of fused passes that are run often: compiled in the background, kept in the disk cache, used from the next
// pass on. Without NVRTC there are none. FRAMELANE_SPECIALIZE: on; off; eager compiles at once, for tests.
#include <cuda_runtime_api.h>

#include "cuda/specialised/count.hpp"
#include "cuda/specialised/source.hpp"

namespace framelane::cuda {

/// For the thread that may change the environment, before the first pass.
void readSpecialiseMode();

struct SpecialisedStart {
  const Pass& pass;
  PointLayout layout;
  dim3 grid;
  int ordinal;  // of the current device
  cudaStream_t stream;
};
/// False as long as there is no program for passes like that.
bool startSpecialised(const SpecialisedStart& how);

/// How many there have been up to now, to tell what was recorded before.
unsigned specialisedGeneration();

}  // namespace framelane::cuda
