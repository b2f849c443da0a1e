#pragma once
#include "core/program.hpp"
#include "ops/custom_values.hpp"

namespace framelane {

/// A pixel from itself, by code of the user's (core/custom_code.hpp). The executors interpret it: it has no apply().
struct CustomPoint : CustomValues {
  void read(Reader& reader) { readValues(reader, custom::Source::kNoWindow); }

  static constexpr int kOperands = 1;  // the code, as a table
  custom::Kernel kernel(Size size) const { return kernelOn(size); }
};

}  // namespace framelane
