#pragma once
#include <napi.h>

#include <string>
#include <vector>

#include "core/graph.hpp"

namespace framelane::binding {

/// An array of stages, with masks, regions and, in place of images, branches: arrays of stages, or { input, previous, stages } of
/// one of the inputs or of an earlier frame. ERR_INVALID_OPTION for unknown inputs.
Graph readGraph(Napi::Value stages, const std::vector<std::string>& inputs = {});

}  // namespace framelane::binding
