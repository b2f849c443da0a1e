#pragma once
// Frames that come at any times, shown at a constant rate: what FFmpeg's filter fps does with round=near.
#include <cstdint>
#include <optional>

#include "media/nut_format.hpp"

namespace framelane::media {

/// A frame is shown from the tick nearest to its own time to the one nearest to the next frame's, halves rounded up. Ticks
/// are never left out, so their sum is what lies between the first frame's tick and the end of the last one.
class ConstantRate {
 public:
  struct Ticks {
    int64_t first = 0;
    int64_t count = 0;  // 0: another frame is nearer to every tick
  };

  /// Of frames with timestamps in `timeBase`, to `rate` frames a second. `sourceRate` says how long the last one lasts; a
  /// tick where it is 0.
  ConstantRate(Rational timeBase, Rational rate, Rational sourceRate);
  /// Where the frame at `pts` is shown. `next` is that of the frame after it. Where time goes back, the frame that came
  /// later counts, as in FFmpeg.
  Ticks show(int64_t pts, int64_t next);
  /// Where the last frame is shown, until `end` where that is known. Unlike in FFmpeg, a stream shorter than half a tick
  /// keeps it.
  Ticks showLast(int64_t pts, std::optional<int64_t> end);

 private:
  int64_t tickOf(int64_t pts) const;
  int64_t usualEnd(int64_t lastPts) const;
  Ticks showUntil(int64_t begin, int64_t end);

  Rational timeBase_, rate_;
  std::optional<int64_t> lastDuration_;  // in units of timeBase_
  std::optional<int64_t> next_;          // the first tick that has no frame yet
  bool shown_ = false;
};

}  // namespace framelane::media
