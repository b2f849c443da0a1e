#pragma once
// Formats and colours by the names that JavaScript knows: rgba8, gray10, yuv420p, yuva444p12 …, bt709, limited, left.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/format.hpp"

namespace framelane {

/// f32 frames between passes are named too: yuv420pf32.
std::string formatName(PixelFormat format);
/// The format of a name that frames outside may have; empty for any other text.
std::optional<PixelFormat> formatOfName(std::string_view name);

template <class Enum>
using Names = std::initializer_list<std::pair<const char*, Enum>>;

inline const Names<Matrix> kMatrices = {{"bt601", Matrix::bt601}, {"bt709", Matrix::bt709}, {"bt2020", Matrix::bt2020}};
inline const Names<Range> kRanges = {{"limited", Range::limited}, {"full", Range::full}};
inline const Names<ChromaLocation> kChromaLocations = {
    {"left", ChromaLocation::left}, {"center", ChromaLocation::center}, {"topLeft", ChromaLocation::topLeft}};

template <class Enum>
const char* nameIn(const Names<Enum>& names, Enum value) {
  for (const auto& [name, candidate] : names)
    if (candidate == value) return name;
  return "";
}

/// "yuv420p 1920x1080"
std::string shapeName(const FrameShape& shape);
/// "yuv420p 1920x1080 bt709 limited left"
std::string fullShapeName(const FrameShape& shape);

}  // namespace framelane
