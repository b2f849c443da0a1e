#define FL_ISA avx2
#include "cpu/filter_isa.inl"
