#pragma once
#include <napi.h>

namespace framelane::binding {

/// The options that each native operation reads, for the test that compares them with the TypeScript table.
Napi::Value manifest(const Napi::CallbackInfo& info);

}  // namespace framelane::binding
