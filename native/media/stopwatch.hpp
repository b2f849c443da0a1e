#pragma once
#include <chrono>

#include "media/latency.hpp"

namespace framelane::media {

using Clock = std::chrono::steady_clock;

inline uint64_t nanoseconds(Clock::duration duration) {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

/// Records the time it lives.
class Stopwatch {
 public:
  explicit Stopwatch(LatencyHistogram& histogram) : histogram_(histogram) {}
  ~Stopwatch() { histogram_.record(nanoseconds(Clock::now() - start_)); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  LatencyHistogram& histogram_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace framelane::media
