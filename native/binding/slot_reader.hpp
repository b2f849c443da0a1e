#pragma once
// How the options of one call cross: as numbers in an array that both sides share, in the order in which the operation reads
// them. Numbers and integers as they are, true as 1, an enum as its index, a colour as four, an image as its number in the table
// of images; a LUT as its table's image, dimensions, size, and six numbers of its domain; code as its number in the list of codes;
// floats with their count before them. An optional one that is absent is NaN.
#include <array>

#include "binding/code_list.hpp"
#include "binding/image_table.hpp"
#include "core/reader.hpp"

namespace framelane::binding {

/// More than any operation takes.
using Slots = std::array<double, 32>;

/// TypeScript has validated the values; what is checked here is what could crash.
class SlotReader final : public Reader {
 public:
  SlotReader(const Slots& slots, const ImageTable& images, const CodeList& codes)
      : at_(slots.data()), end_(at_ + slots.size()), images_(images), codes_(codes) {}
  double number(const char* name) override;
  int integer(const char* name) override;
  bool boolean(const char* name) override;
  Rgba color(const char* name) override;
  int oneOf(const char* name, std::initializer_list<const char*> values) override;
  std::shared_ptr<const ImageBuffer> image(const char* name) override;
  Lut lut(const char* name) override;
  std::string text(const char* name) override;
  std::shared_ptr<const custom::Code> code(const char* name, int reach) override;
  std::vector<float> floats(const char* name) override;
  bool has(const char* name) override;

 private:
  double next(const char* name);
  const double* at_;
  const double* end_;
  const ImageTable& images_;
  const CodeList& codes_;
};

}  // namespace framelane::binding
