#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "core/error.hpp"
#include "core/op.hpp"

namespace framelane {

/// A frame from a frame of the same size, by a CUDA kernel of the user's:
///   extern "C" __global__ void entry(const float4* in, float4* out, int width, int height, Params)
/// Both are straight RGBA, row by row without gaps; a thread for each pixel.
struct CustomKernel {
  static constexpr size_t kMostParameters = 12;
  static constexpr size_t kMostOfName = 64;  // each name is kept as long as the process
  std::string name, source, entry;
  alignas(16) std::array<float, kMostParameters> parameters{};  // the bytes of Params
  size_t parameterCount = 0;

  const std::string& opName() const { return name; }

  void read(Reader& reader) {
    name = reader.text("name");
    if (name.empty() || name.size() > kMostOfName)
      fail("ERR_INVALID_ARGUMENT",
           "name: expected 1 to " + std::to_string(kMostOfName) + " bytes, received " + std::to_string(name.size()));
    source = reader.text("source");
    entry = reader.text("entry");
    const std::vector<float> values = reader.floats("parameters");
    if (values.size() > kMostParameters)
      fail("ERR_INVALID_ARGUMENT", "parameters: expected at most " + std::to_string(kMostParameters) +
                                       " floats, received " + std::to_string(values.size()));
    std::ranges::copy(values, parameters.begin());
    parameterCount = values.size();
  }

  Size outputSize(Size input) const { return input; }
  bool operator==(const CustomKernel& other) const {
    return source == other.source && entry == other.entry && parameterCount == other.parameterCount &&
           std::memcmp(parameters.data(), other.parameters.data(), sizeof(parameters)) == 0;
  }
};

namespace cpu {
std::unique_ptr<AreaStage> prepare(const CustomKernel&, Device&, const AreaShape&);
}
namespace cuda {
std::unique_ptr<AreaStage> prepare(const CustomKernel&, Device&, const AreaShape&);
}

}  // namespace framelane
