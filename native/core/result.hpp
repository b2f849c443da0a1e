#pragma once
// What an operation finds out about a frame is plain data, which lies on the device until the frame is wanted; then the operation
// itself tells what is in it.
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

/// What results know a pixel by: its channels, and the luma of BT.709.
constexpr int kMeasured = 5;
constexpr const char* kMeasuredNames[kMeasured] = {"r", "g", "b", "a", "luma"};

/// By which whoever wrote the stage finds its result again.
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
