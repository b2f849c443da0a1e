#define FL_ISA avx512
#include "cpu/filter_isa.inl"
