#pragma once
#include <memory>

#include "core/stencil.hpp"

namespace framelane::cpu {

std::unique_ptr<AreaStage> prepareStencil(const Stencil& stencil, Device& device, const AreaShape& shape);

}  // namespace framelane::cpu
