#pragma once
#include <napi.h>

namespace framelane::binding {

/// What each native operation asks its Reader for, for the test that holds it against the TypeScript table.
Napi::Value manifest(const Napi::CallbackInfo& info);

}  // namespace framelane::binding
