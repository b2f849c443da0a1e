#pragma once
#include <memory>

#include "core/stencil.hpp"

namespace framelane::cuda {

std::unique_ptr<AreaStage> prepareStencil(const Stencil& stencil, Device& device, const AreaShape& shape);

}  // namespace framelane::cuda
