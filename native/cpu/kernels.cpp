#include "cpu/kernels.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <cstdlib>
#include <string>

#include "core/error.hpp"

namespace framelane::cpu {

namespace {

#if defined(__x86_64__)
/// Half floats, which Clang's __builtin_cpu_supports does not know by name.
bool hasF16c() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}
#endif

struct Choice {
  Kernels kernels;
  bool (*supported)();
};

#define FL_KERNELS(isa)                                                                             \
  {                                                                                                 \
#isa, isa::pointRows, isa::blurTile, isa::stencilTile, isa::histogramRows, isa::statisticsRows, \
        isa::resampleVerticalFirst, isa::resampleHorizontalFirst                                    \
  }

// Best first. The conditions are the flags in CMakeLists.txt.
const Choice kChoices[] = {
#if defined(__x86_64__)
    {FL_KERNELS(avx512),
     [] {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
     }},
    {FL_KERNELS(avx2), [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && hasF16c(); }},
#endif
    {FL_KERNELS(baseline), [] { return true; }},
};

#undef FL_KERNELS

}  // namespace

const Kernels& selectKernels() {
  const char* forced = std::getenv("FRAMELANE_CPU_ISA");
  const std::string wanted = forced ? forced : "";
  for (const Choice& choice : kChoices) {
    if (!wanted.empty() && wanted != choice.kernels.name) continue;
    if (choice.supported()) return choice.kernels;
    if (!wanted.empty()) fail("ERR_INVALID_ARGUMENT", "FRAMELANE_CPU_ISA: this machine has no " + wanted);
  }
  std::string known;
  for (const Choice& choice : kChoices) known += std::string(known.empty() ? "" : ", ") + choice.kernels.name;
  fail("ERR_INVALID_ARGUMENT", "FRAMELANE_CPU_ISA: expected one of " + known + ", received '" + wanted + "'");
}

}  // namespace framelane::cpu
