#define FL_ISA avx2
#include "cpu/point_isa.inl"
