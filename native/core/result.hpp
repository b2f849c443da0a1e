#pragma once
// An operation's result is plain data that stays on the device until the frame is needed; then the operation itself writes its
// fields.
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>

#include "core/reader.hpp"

namespace framelane {

class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  virtual void text(const char* name, const std::string& value) = 0;
  virtual void counts(const char* name, std::span<const uint32_t> values) = 0;
  virtual void numbers(const char* name, std::initializer_list<std::pair<const char*, double>> values) = 0;
};

/// The values of a pixel that results report: its channels and its BT.709 luma.
constexpr int kMeasured = 5;
constexpr const char* kMeasuredNames[kMeasured] = {"r", "g", "b", "a", "luma"};

/// Identifies the stage's result to the caller.
struct ResultName {
  std::string text;
  void read(Reader& reader) {
    if (reader.has("name")) text = reader.text("name");
  }
  void write(ResultWriter& writer) const {
    if (!text.empty()) writer.text("name", text);
  }
};

}  // namespace framelane
