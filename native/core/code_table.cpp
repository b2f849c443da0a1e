#include "core/code_table.hpp"

#include <cstring>
#include <utility>

namespace framelane {

CodeTable::CodeTable(Device& device, std::shared_ptr<const custom::Code> code)
    : code_(std::move(code)), entries_(code_->words.data()) {
  if (device.backend->unified() || code_->words.empty()) return;
  device_ = device.memory->take(MemoryKind::device, bytes());
  host_ = device.memory->take(MemoryKind::host, bytes());
  entries_ = device_.data();
  std::memcpy(host_.data(), code_->words.data(), bytes());
  uploaded_ = device.backend->makeEvent();
  const std::scoped_lock lock(device.immediate->mutex());
  device.immediate->queue().upload(device_.data(), host_.data(), bytes());
  device.immediate->queue().record(*uploaded_);
}

CodeTable::~CodeTable() {
  try {
    if (uploaded_) uploaded_->wait();  // has long passed, as a rule; the host's copy must not be used again before
  } catch (...) {
    // The queue's next user reports the device's failure.
  }
}

Plane CodeTable::plane() const {
  const int rows = static_cast<int>(code_->words.size() / custom::kWordsOfInstruction);
  // Planes are untyped; code is only read.
  return {const_cast<void*>(entries_), rows, 1, rows * 16, Element::f32, 4};
}

}  // namespace framelane
