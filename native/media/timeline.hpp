#pragma once
// Which frames of a session an output shows, and when.
#include <atomic>
#include <cstdint>
#include <optional>

#include "media/constant_rate.hpp"

namespace framelane::media {

/// Seconds.
struct Ending {
  double last;  // of the frame that is meant; below 0: any
  double end;   // of its display
};

struct TimelineConfig {
  Rational frameRate;                    // of the source; 0 unknown
  std::optional<Rational> constantRate;  // frames are dropped and repeated to get it
  double start = 0;                      // seconds; the first frame is the one on display there
  uint64_t maxFrames = 0;                // 0: all
  std::optional<Ending> ending;  // of the last frame; as long as others where there is none, or another is the last
};

struct TimelineCounters {
  std::atomic<uint64_t> skipped{0};   // before the start
  std::atomic<uint64_t> dropped{0};   // by the constant rate
  std::atomic<uint64_t> repeated{0};  // by the constant rate: each time beyond a frame's first
  std::atomic<uint64_t> late{0};      // moved, see below
  std::atomic<double> lastTime{-1};   // seconds
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
  /// Where the frame at `pts` is shown, if at all. `next` is the time of the frame after it, none for the last one; looked
  /// at for a constant rate, and until the start.
  Ticks show(int64_t pts, std::optional<int64_t> next);
  /// Whether `maxFrames` are through.
  bool done() const { return left_ == 0; }

 private:
  Ticks place(int64_t pts, std::optional<int64_t> next);
  std::optional<int64_t> endOf(int64_t lastPts) const;
  bool isBeforeStart(std::optional<int64_t> next) const;

  TimelineConfig config_;
  Rational timeBase_;
  TimelineCounters& counters_;
  std::optional<ConstantRate> rate_;
  std::optional<int64_t> last_;
  bool begun_;
  int64_t left_;
};

}  // namespace framelane::media
