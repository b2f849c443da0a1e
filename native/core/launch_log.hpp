#pragma once
// The calls that the immediate API has enqueued since the device's queue was last waited for. A device reports a fault at the
// wait or at its next call, without naming the work at fault: it is one of these calls.
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>

#include "core/error.hpp"

namespace framelane {

/// A call of the immediate API, for errors.
struct RecordedCall {
  uint64_t number = 0;
  const char* name = "";
  std::string stack;  // of JavaScript, where that is traced
  /// "brightness (call 3)", and the stack.
  std::string describe() const;
};

std::string describeCalls(std::span<const RecordedCall> calls);

/// For all threads that share a device.
class LaunchLog {
 public:
  void add(std::span<const RecordedCall> calls);
  /// Waits for what has been launched until now, and forgets it. An error of that says what was launched.
  template <class Wait>
  void await(const Wait& wait) {
    const uint64_t until = launched();
    try {
      wait();
      if (fault_.exchange(false)) fail("ERR_CUDA", "a test wanted this work to fail");
    } catch (const Error& error) {
      const std::string calls = after(error);
      forget(until);
      throw Error(error.code(), error.what() + calls);
    }
    forget(until);
  }
  /// What to add to the message of an error that may be the fault of earlier work: "; launched since the last wait: …", or nothing.
  std::string after(const Error& error) const;
  /// For tests: the next wait finds that the work has failed.
  void fault() { fault_ = true; }

 private:
  static constexpr uint64_t kMost = 48;
  uint64_t launched() const;
  void forget(uint64_t until);

  mutable std::mutex mutex_;
  std::array<RecordedCall, kMost> latest_;  // each at its place in the order, modulo their number
  uint64_t launched_ = 0;                   // ever
  uint64_t waited_ = 0;                     // for so many of those
  std::atomic<bool> fault_ = false;
};

}  // namespace framelane
