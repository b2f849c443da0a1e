#pragma once
// Specialised programs of fused passes that are run often: compiled in the background, kept in the disk cache, used from the next
// pass on. Without NVRTC there are none. FRAMELANE_SPECIALIZE: on; off; eager compiles at once, for tests.
#include <cuda.h>

#include "cuda/specialised/count.hpp"
#include "cuda/specialised/source.hpp"

namespace framelane::cuda {

/// For the thread that may change the environment, before the first pass.
void readSpecialiseMode();

/// The kernel for passes like that on the calling thread's current device; null as long as there is none.
CUfunction specialisedKernel(int ordinal, const Specialisation& what);

/// How many there have been up to now, to tell what was recorded before.
unsigned specialisedGeneration();

}  // namespace framelane::cuda
