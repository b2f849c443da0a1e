#pragma once
#include <vector>

#include "core/custom_code.hpp"
#include "core/device.hpp"

namespace framelane {

/// Checked words where a device's kernels read them. JavaScript cannot reach them, so they stay what was checked.
class CodeTable {
 public:
  CodeTable(Device& device, std::shared_ptr<const custom::Code> code);
  CodeTable(const CodeTable&) = delete;
  CodeTable& operator=(const CodeTable&) = delete;
  ~CodeTable();
  const custom::Code& code() const { return *code_; }
  /// A row of f32 pixels: constants, then instructions.
  Plane plane() const;
  size_t bytes() const { return code_->words.size() * sizeof(uint32_t); }

 private:
  std::shared_ptr<const custom::Code> code_;
  Block device_, host_;  // where the device has memory of its own
  std::unique_ptr<Event> uploaded_;
  const void* entries_;
};

/// A place for each op of a plan; empty for those without code.
using CodeTables = std::vector<std::shared_ptr<const CodeTable>>;

}  // namespace framelane
