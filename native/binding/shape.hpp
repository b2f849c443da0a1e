#pragma once
#include <napi.h>

#include "core/format.hpp"

namespace framelane::binding {

/// {format, width, height, matrix, range, chromaLocation}, as src/native/native.ts has it.
FrameShape readShape(Napi::Value value);
Napi::Object writeShape(Napi::Env env, const FrameShape& shape);
PixelFormat readFormat(Napi::Value value);
Color readColor(Napi::Value matrix, Napi::Value range, Napi::Value chromaLocation);

}  // namespace framelane::binding
