#pragma once
#include <napi.h>

#include <memory>

#include "core/device.hpp"

namespace framelane::binding {

class EventWaiter;

/// The stream of that number on the device; 0 or nothing is the immediate one.
const std::shared_ptr<Stream>& streamArgument(const Device& device, Napi::Value number);
/// The same, with what is recorded for it enqueued, so that what follows comes after that.
const std::shared_ptr<Stream>& settledStream(Napi::Env env, const Device& device, Napi::Value number);
/// The same on any device of that kind: one device may wait for another.
const std::shared_ptr<Stream>& awaitableStream(Napi::Env env, const Device& device, Napi::Value number);
/// That of the environment, made when it is first needed.
EventWaiter& waiterOf(Napi::Env env);

}  // namespace framelane::binding
