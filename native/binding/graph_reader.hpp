#pragma once
#include <napi.h>

#include "core/graph.hpp"

namespace framelane::binding {

/// An array of stages, with branches where their images are arrays of stages, masks and regions.
Graph readGraph(Napi::Value stages);

}  // namespace framelane::binding
