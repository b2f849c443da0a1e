#define FL_ISA avx512
#include "cpu/custom_isa.inl"
