#pragma once
#include <napi.h>

#include "core/image.hpp"

namespace framelane::binding {

/// The samples of a typed array, where they lie.
struct Samples {
  void* data;
  Element element;
};

/// Images take floats or bytes and convert them; other frames take samples of their own element type. The count must be exact.
Samples samplesArgument(Napi::Value value, const ImageBuffer& image);
/// The same, for another thread: the array's memory must not shrink meanwhile.
Samples asyncSamplesArgument(Napi::Value value, const ImageBuffer& image);

}  // namespace framelane::binding
