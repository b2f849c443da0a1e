#pragma once
#include "core/plan.hpp"

namespace framelane {

/// The program of a fused pass with the values of `ops`: neighbouring matrices folded in double precision, those at the ends
/// into load and store. Without addresses of input and output.
void lower(const Plan::Pass& pass, const Ops& ops, bool fold, PointProgram& program);

}  // namespace framelane
