#define FL_ISA avx512
#include "cpu/point_isa.inl"
