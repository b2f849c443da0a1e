#define FL_ISA baseline
#include "cpu/custom_isa.inl"
