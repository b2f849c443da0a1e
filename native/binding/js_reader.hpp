#pragma once
#include <napi.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/op.hpp"
#include "core/reader.hpp"

namespace framelane::binding {

/// Reads a stage object. TypeScript has validated it; what is checked here is what could crash.
class JsReader : public Reader {
 public:
  explicit JsReader(Napi::Object options) : options_(options) {}
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
  std::array<double, 3> triple(const char* name);
  Napi::Object options_;
};

/// Whether a frame stands in the place of an image: an array of stages, or what says which frame it is.
bool isFrame(Napi::Value value);

}  // namespace framelane::binding
