#include "core/launch_log.hpp"

#include <algorithm>

namespace framelane {

std::string RecordedCall::describe() const {
  return std::string(name) + " (call " + std::to_string(number) + ")" + (stack.empty() ? "" : " " + stack);
}

std::string describeCalls(std::span<const RecordedCall> calls) {
  std::string text;
  for (const RecordedCall& call : calls) text += (text.empty() ? "" : ", ") + call.describe();
  return text;
}

void LaunchLog::add(std::span<const RecordedCall> calls) {
  const std::scoped_lock lock(mutex_);
  for (const RecordedCall& call : calls) latest_[launched_++ % kMost] = call;
}

std::string LaunchLog::after(const Error& error) const {
  if (error.code() != "ERR_CUDA" && !dynamic_cast<const DeviceLost*>(&error)) return "";
  const std::scoped_lock lock(mutex_);
  const uint64_t count = launched_ - waited_, listed = std::min(count, kMost);
  if (count == 0) return "";
  std::string text = count > listed ? std::to_string(count - listed) + " calls" : "";
  for (uint64_t i = launched_ - listed; i < launched_; i++)
    text += (text.empty() ? "" : ", ") + latest_[i % kMost].describe();
  return "; launched since the last wait: " + text;
}

uint64_t LaunchLog::launched() const {
  const std::scoped_lock lock(mutex_);
  return launched_;
}

void LaunchLog::forget(uint64_t until) {
  const std::scoped_lock lock(mutex_);
  waited_ = std::max(waited_, until);
}

}  // namespace framelane
