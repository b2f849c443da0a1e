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
  std::shared_ptr<const custom::Code> code;
  std::array<float, custom::kParameters> parameters{};
  bool operator==(const CustomValues& other) const {
    return code->sameAs(*other.code) && std::memcmp(&parameters, &other.parameters, sizeof(parameters)) == 0;
  }

  Opaqueness opaqueness() const { return code->opaqueness; }
  bool positional() const { return code->shape.positional; }

 protected:
  void readValues(Reader& reader, int reach) {
    code = reader.code("code", reach);
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
