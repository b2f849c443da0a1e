#pragma once
#include <napi.h>

#include <memory>

namespace framelane::binding {

/// Keeps a function, and with it what it closes over, until the last copy goes, in whichever thread. It is never called.
std::shared_ptr<const void> hold(Napi::Env env, Napi::Function function);

}  // namespace framelane::binding
