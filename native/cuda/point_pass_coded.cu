// The fused pass with the interpreter of custom ops. Five instances, by the output's layout and whether chroma is resampled: what
// the others gain by not asking for u16 samples is little beside the interpreter.
#include "cuda/point_pass_coded.hpp"

#include <algorithm>

#include "cuda/point_pass.cuh"

namespace framelane::cuda {

namespace {

/// Of the step that has the most registers.
size_t sharedBytesOf(const PointProgram& program) {
  size_t most = 0;
  for (int i = 0; i < program.stepCount; i++) {
    const PointStep& step = program.steps[i];
    switch (static_cast<PointId>(step.id)) {
#define FL_CODED_POINT(Struct, name)                                                      \
  case PointId::Struct:                                                                   \
    most = std::max(most, registerBytes(step.as<custom::Kernel>().shape, kPointThreads)); \
    break;
#include "ops/registry.def"
      default: break;
    }
  }
  return most;
}

}  // namespace

void startCodedPass(const Pass& pass, cudaStream_t stream) {
  startPass<true>({pass, stream, sharedBytesOf(pass.program)});
}

}  // namespace framelane::cuda
