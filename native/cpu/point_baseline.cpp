#define FL_ISA baseline
#include "cpu/point_isa.inl"
