#pragma once
#include <napi.h>

#include "core/image.hpp"

namespace framelane::binding {

/// Copies samples between an image and a typed array in one of libuv's threads, on the stream of that number; the promise resolves with the array.
Napi::Value uploadInThread(Napi::Env env, ImageBuffer& image, Napi::Value array, Napi::Value stream);
Napi::Value downloadInThread(Napi::Env env, const ImageBuffer& image, Napi::Value array, Napi::Value stream);

}  // namespace framelane::binding
