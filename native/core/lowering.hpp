#pragma once
#include "core/code_table.hpp"
#include "core/plan.hpp"

namespace framelane {

/// The program of a fused pass with the values of `ops`: neighbouring matrices folded in double precision, those at the ends
/// into load and store. Without addresses of input and output. `codes` has a table for each op that has code.
void lower(const Plan::Pass& pass, const Ops& ops, const CodeTables& codes, bool fold, PointProgram& program);

}  // namespace framelane
