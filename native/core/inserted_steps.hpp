#pragma once
// Steps that core inserts between those of the pipeline. The executors know steps by their places in the registry, which core
// does not include: so core declares what it needs and ops/registry.cpp defines it.
#include <memory>

#include "core/color.hpp"
#include "core/program.hpp"

namespace framelane {

class Op;  // core/op.hpp

PointStep matrixStep(const ColorMatrix& matrix);
PointStep premultiplyStep();
/// Rounds to bytes, as storing to an image of bytes and loading it would.
std::shared_ptr<const Op> quantiseOp();

}  // namespace framelane
