#pragma once
// How an operation reads its options: each once, in the order in which the TypeScript table declares them, an optional one by
// `has` and then its value. The binding reads a JavaScript object, or numbers that lie in that order; the recorder behind
// `manifest()` notes each read, so a test can compare the native operations with the TypeScript table.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace framelane {

struct Rgba {
  float r = 0, g = 0, b = 0, a = 1;
};

class ImageBuffer;  // core/image.hpp
namespace custom {
struct Code;  // core/custom_code.hpp
}

/// A 1-D or 3-D table: size^dimensions entries from the first pixel of an f32 image, red fastest.
struct Lut {
  std::shared_ptr<const ImageBuffer> table;
  int dimensions = 3;
  int size = 2;
  std::array<double, 3> domainMin{0, 0, 0};
  std::array<double, 3> domainMax{1, 1, 1};
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual double number(const char* name) = 0;
  virtual int integer(const char* name) = 0;
  virtual bool boolean(const char* name) = 0;
  virtual Rgba color(const char* name) = 0;
  /// The index of the value among `values`; anything else is ERR_INVALID_OPTION.
  virtual int oneOf(const char* name, std::initializer_list<const char*> values) = 0;
  virtual std::shared_ptr<const ImageBuffer> image(const char* name) = 0;
  virtual Lut lut(const char* name) = 0;
  virtual std::string text(const char* name) = 0;
  /// Of the user's, checked for that reach.
  virtual std::shared_ptr<const custom::Code> code(const char* name, int reach) = 0;
  virtual std::vector<float> floats(const char* name) = 0;
  /// True when the option is given; `number` and `integer` of an absent optional one may not be called.
  virtual bool has(const char* name) = 0;
};

template <class Enum>
Enum readEnum(Reader& reader, const char* name, std::initializer_list<const char*> values) {
  return static_cast<Enum>(reader.oneOf(name, values));
}

}  // namespace framelane
