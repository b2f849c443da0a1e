#define FL_ISA baseline
#include "cpu/filter_isa.inl"
