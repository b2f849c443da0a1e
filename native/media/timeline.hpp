#pragma once
// Which frames of a session an output shows, and when.
#include <atomic>
#include <cstdint>
#include <optional>

#include "media/constant_rate.hpp"

namespace framelane::media {

struct TimelineConfig {
  Rational frameRate;                    // of the source; 0 unknown
  std::optional<Rational> constantRate;  // frames are dropped and repeated to get it
  double start = 0;                      // seconds; frames before it are skipped
  uint64_t maxFrames = 0;                // 0: all
};

struct TimelineCounters {
  std::atomic<uint64_t> skipped{0};   // before the start
  std::atomic<uint64_t> dropped{0};   // by the constant rate
  std::atomic<uint64_t> repeated{0};  // by the constant rate: each time beyond a frame's first
  std::atomic<uint64_t> late{0};      // moved, see below
};

/// Timestamps are kept but for those that do not come after the one before, which no encoder takes: such a frame is shown
/// one tick after the last one, as FFmpeg moves packets when it muxes. Nothing is lost, and sound that is copied by the same
/// rule stays beside it.
class Timeline {
 public:
  using Ticks = ConstantRate::Ticks;

  /// `timeBase` is that of the frames.
  Timeline(const TimelineConfig& config, Rational timeBase, TimelineCounters& counters);
  /// That of what show() returns.
  Rational timeBase() const;
  /// Where the frame at `pts` is shown, if at all. `next` as in ConstantRate, and not looked at without one.
  Ticks show(int64_t pts, std::optional<int64_t> next);
  /// Whether `maxFrames` are through.
  bool done() const { return left_ == 0; }

 private:
  Ticks place(int64_t pts, std::optional<int64_t> next);
  bool isBeforeStart(int64_t pts) const;

  TimelineConfig config_;
  Rational timeBase_;
  TimelineCounters& counters_;
  std::optional<ConstantRate> rate_;
  std::optional<int64_t> last_;
  int64_t left_;
};

}  // namespace framelane::media
