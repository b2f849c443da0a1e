#include "binding/reader_checks.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/image.hpp"

namespace framelane::binding {

void refuseOption(const char* name, const char* expected) {
  fail("ERR_INVALID_OPTION", std::string(name) + ": expected " + expected);
}

void refuseOneOf(const char* name, std::initializer_list<const char*> values) {
  std::string expected = "one of";
  for (const char* candidate : values) expected += std::string(" ") + candidate;
  refuseOption(name, expected.c_str());
}

double finiteOption(const char* name, double value) {
  if (!std::isfinite(value)) refuseOption(name, "a finite number");
  return value;
}

int integerOption(const char* name, double value) {
  if (finiteOption(name, value) != std::floor(value) || std::abs(value) > 1 << 30) refuseOption(name, "an integer");
  return static_cast<int>(value);
}

Lut checkedLut(const char* name, Lut lut) {
  const auto side = static_cast<size_t>(lut.size);
  const bool flat = lut.dimensions == 1 && lut.size >= 2 && lut.size <= 65536;
  const bool cubic = lut.dimensions == 3 && lut.size >= 2 && lut.size <= 256;
  if (!(flat || cubic) || lut.table->format() != PixelFormat::rgbaf32 ||
      lut.table->capacityPixels() < (flat ? side : side * side * side))
    refuseOption(name, "a LUT of 2 to 65536 (1-D) or 2 to 256 (3-D) entries a side in an f32 image");
  return lut;
}

}  // namespace framelane::binding
