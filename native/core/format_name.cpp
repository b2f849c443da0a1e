#include "core/format_name.hpp"

namespace framelane {
namespace {

struct LayoutName {
  Layout layout;
  const char* name;
  bool plain8;  // 8 bits go without saying
};

constexpr LayoutName kLayouts[] = {{Layout::rgba, "rgba", false},       {Layout::gray, "gray", false},
                                   {Layout::yuv420, "yuv420p", true},   {Layout::yuv422, "yuv422p", true},
                                   {Layout::yuv444, "yuv444p", true},   {Layout::yuva420, "yuva420p", true},
                                   {Layout::yuva422, "yuva422p", true}, {Layout::yuva444, "yuva444p", true}};

constexpr int kDepths[] = {8, 10, 12, 16};

}  // namespace

std::string formatName(PixelFormat format) {
  for (const LayoutName& row : kLayouts) {
    if (row.layout != format.layout) continue;
    if (!format.isInteger()) return std::string(row.name) + "f32";
    return format.bits == 8 && row.plain8 ? row.name : row.name + std::to_string(format.bits);
  }
  return "?";
}

std::optional<PixelFormat> formatOfName(std::string_view name) {
  if (name == "rgbaf32") return PixelFormat::rgbaf32;
  for (const LayoutName& row : kLayouts)
    for (const int bits : kDepths) {
      if (row.layout == Layout::rgba && bits != 8 && bits != 16) continue;
      const PixelFormat format = integerFormat(row.layout, bits);
      if (formatName(format) == name) return format;
    }
  return std::nullopt;
}

std::string shapeName(const FrameShape& shape) {
  return formatName(shape.format) + " " + std::to_string(shape.width) + "x" + std::to_string(shape.height);
}

std::string fullShapeName(const FrameShape& shape) {
  const auto& [matrix, range, chromaLocation] = shape.color;
  return shapeName(shape) + " " + nameIn(kMatrices, matrix) + " " + nameIn(kRanges, range) + " " +
         nameIn(kChromaLocations, chromaLocation);
}

}  // namespace framelane
