#pragma once
// Formats by the names that JavaScript knows: rgba8, gray10, yuv420p, yuva444p12 …
#include <optional>
#include <string>
#include <string_view>

#include "core/format.hpp"

namespace framelane {

/// f32 frames between passes are named too: yuv420pf32.
std::string formatName(PixelFormat format);
/// The format of a name that frames outside may have; empty for any other text.
std::optional<PixelFormat> formatOfName(std::string_view name);

}  // namespace framelane
