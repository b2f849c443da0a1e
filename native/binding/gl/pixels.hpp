#pragma once
#include "binding/gl/call.hpp"

namespace framelane::binding {

/// Where width, height (and depth) and format, type stand among the arguments; the pixels follow the type.
struct PixelArguments {
  size_t size, format;
  bool deep = false;
};

/// The memory of the pixels, when it is as large as OpenGL will read or write (OpenGL 4.6, 8.4.4.1); or an offset,
/// where a pixel buffer is bound. ERR_INVALID_ARGUMENT.
const void* pixelsToUpload(const GlCall& call, const PixelArguments& at);
/// The same, or null for pixels that are undefined.
const void* pixelsToStore(const GlCall& call, const PixelArguments& at);
void* pixelsToRead(const GlCall& call, const PixelArguments& at);

}  // namespace framelane::binding
