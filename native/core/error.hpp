#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace framelane {

/// The one native exception: `code` becomes `FramelaneError.code`, the text says what, where, expected and received.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// The device has failed for good: every call on it says so until the process ends.
class DeviceLost : public Error {
 public:
  explicit DeviceLost(const std::string& message) : Error("ERR_DEVICE_LOST", message) {}
};

[[noreturn]] inline void fail(std::string code, const std::string& message) { throw Error(std::move(code), message); }

inline void require(bool condition, const char* code, const std::string& message) {
  if (!condition) fail(code, message);
}

}  // namespace framelane
