#define FL_ISA avx2
#include "cpu/custom_isa.inl"
