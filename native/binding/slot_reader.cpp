#include "binding/slot_reader.hpp"

#include <cmath>

#include "binding/reader_checks.hpp"

namespace framelane::binding {

double SlotReader::next(const char* name) {
  if (at_ == end_) refuseOption(name, "no more slots than there are");
  return *at_++;
}

double SlotReader::number(const char* name) { return finiteOption(name, next(name)); }

int SlotReader::integer(const char* name) { return integerOption(name, next(name)); }

bool SlotReader::boolean(const char* name) {
  const double value = next(name);
  if (value != 0 && value != 1) refuseOption(name, "a boolean");
  return value == 1;
}

Rgba SlotReader::color(const char* name) {
  const auto channel = [&] { return static_cast<float>(number(name)); };
  return {channel(), channel(), channel(), channel()};  // in this order: the braces see to it
}

int SlotReader::oneOf(const char* name, std::initializer_list<const char*> values) {
  const double index = next(name);
  if (!(index >= 0 && index < static_cast<double>(values.size())) || index != std::floor(index))
    refuseOneOf(name, values);
  return static_cast<int>(index);
}

std::shared_ptr<const ImageBuffer> SlotReader::image(const char* name) { return images_.at(next(name)); }

Lut SlotReader::lut(const char* name) {
  Lut lut;
  lut.table = image(name);
  lut.dimensions = integer(name);
  lut.size = integer(name);
  for (double& bound : lut.domainMin) bound = number(name);
  for (double& bound : lut.domainMax) bound = number(name);
  return checkedLut(name, std::move(lut));
}

/// Numbers hold none; operations with texts are read from objects.
std::string SlotReader::text(const char* name) { refuseOption(name, "no text in the slots of a call"); }

std::shared_ptr<const custom::Code> SlotReader::code(const char* name, int reach) {
  return codes_.at(next(name), reach);
}

std::vector<float> SlotReader::floats(const char* name) {
  const int count = integer(name);
  if (count < 0 || count > end_ - at_) refuseOption(name, "as many floats as there are slots");
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = static_cast<float>(next(name));
  return values;
}

/// Passes over the slot of what is absent.
bool SlotReader::has(const char* name) {
  const bool given = !std::isnan(next(name));
  if (given) at_--;
  return given;
}

}  // namespace framelane::binding
