#pragma once
#include <napi.h>

#include "core/bound_plan.hpp"

namespace framelane::binding {

/// { op, name, … } with what an operation found out about a frame, downloaded.
Napi::Object writeResult(Napi::Env env, const Op& op, const void* result);

/// Of all of them in a plan, in their order.
Napi::Array writeResults(Napi::Env env, const BoundPlan& plan, const void* results);

}  // namespace framelane::binding
