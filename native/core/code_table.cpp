#include "core/code_table.hpp"

#include <cstring>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace framelane {

namespace {

/// Programs know their tables by address only.
class Known {
 public:
  void add(const void* entries, std::shared_ptr<const custom::Code> code) {
    const std::scoped_lock lock(mutex_);
    codes_[entries] = std::move(code);
  }
  void remove(const void* entries) noexcept {
    const std::scoped_lock lock(mutex_);
    codes_.erase(entries);
  }
  std::shared_ptr<const custom::Code> find(const void* entries) {
    const std::scoped_lock lock(mutex_);
    const auto found = codes_.find(entries);
    return found == codes_.end() ? nullptr : found->second;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const void*, std::shared_ptr<const custom::Code>> codes_;
};

Known& known() {
  static Known& all = *new Known;  // threads outlive static destructors
  return all;
}

}  // namespace

std::shared_ptr<const custom::Code> codeAt(const void* entries) { return known().find(entries); }

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
  known().add(entries_, code_);
}

CodeTable::~CodeTable() {
  if (!uploaded_) return;
  known().remove(entries_);
  try {
    uploaded_->wait();  // has long passed, as a rule; the host's copy must not be used again before
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
