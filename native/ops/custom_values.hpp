#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "core/custom_code.hpp"
#include "core/error.hpp"
#include "core/reader.hpp"

namespace framelane {

/// What custom ops are made of: checked code and the parameters' values.
struct CustomValues {
  static constexpr size_t kMostOfName = 64;  // each name is kept as long as the process
  std::shared_ptr<const custom::Code> code;
  std::array<float, custom::kParameters> parameters{};
  bool operator==(const CustomValues& other) const {
    return code->sameAs(*other.code) && std::memcmp(&parameters, &other.parameters, sizeof(parameters)) == 0;
  }

  Opaqueness opaqueness() const { return code->opaqueness; }
  bool positional() const { return code->shape.positional; }

 protected:
  void readValues(Reader& reader, int reach) {
    custom::Source source;
    source.name = reader.text("name");
    if (source.name.empty() || source.name.size() > kMostOfName)
      fail("ERR_INVALID_ARGUMENT", "name: expected 1 to " + std::to_string(kMostOfName) + " bytes, received " +
                                       std::to_string(source.name.size()));
    source.words = reader.words("words");
    source.constants = reader.integer("constants");
    source.instructions = reader.integer("instructions");
    source.reach = reach;
    source.positional = reader.boolean("positional");
    source.opaqueness = readEnum<Opaqueness>(reader, "opaque", {"keeps", "makes", "breaks"});
    code = custom::checked(source);
    const std::vector<float> values = reader.floats("parameters");
    if (values.size() > parameters.size())
      fail("ERR_INVALID_ARGUMENT", "parameters: expected at most " + std::to_string(parameters.size()) +
                                       " floats, received " + std::to_string(values.size()));
    std::ranges::copy(values, parameters.begin());
  }

  custom::Kernel kernelOn(Size size) const {
    custom::Kernel kernel{{}, static_cast<uint16_t>(size.width), static_cast<uint16_t>(size.height), code->shape};
    std::ranges::copy(parameters, kernel.parameters);
    return kernel;
  }
};

}  // namespace framelane
