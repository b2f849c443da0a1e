// The area filters and what measures, compiled once per instruction set by filter_<isa>.cpp, which define FL_ISA (see
// point_isa.inl).
#include "cpu/blur_isa.inl"
#include "cpu/measure_isa.inl"
#include "cpu/resample_isa.inl"
#include "cpu/stencil_isa.inl"
