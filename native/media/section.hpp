#pragma once
// Which frame is on display at a moment, and what a section of a stream begins with.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "media/nut_format.hpp"

namespace framelane::media {

/// Seconds from the start of the source.
struct Section {
  double start = 0;   // of the frames until there only the last one is on display; 0: every frame is wanted
  double origin = 0;  // what times are counted from; where it is above 0, the section begins there
};

inline double secondsPerTick(Rational timeBase) {
  return static_cast<double>(timeBase.num) / static_cast<double>(timeBase.den);
}

/// Whether the time of a frame has come.
inline bool isUpTo(int64_t pts, Rational timeBase, double moment) {
  constexpr double kRounding = 1e-9;
  return static_cast<double>(pts) * secondsPerTick(timeBase) <= moment + kRounding;
}

/// The frames of a stream, of which all but one come too early for a section until its start.
class SectionStart {
 public:
  SectionStart(Section section, Rational timeBase)
      : section_(section),
        timeBase_(timeBase),
        origin_(std::llround(section.origin / secondsPerTick(timeBase))),
        begun_(section.start <= 0) {}

  /// Whether the frame is on display at the start, unless the next one is, too. False once a later one has come.
  bool isCandidate(int64_t pts) {
    begun_ = begun_ || !isUpTo(pts, timeBase_, section_.start);
    return !begun_;
  }
  int64_t timeOf(int64_t pts) const { return std::max<int64_t>(0, pts - origin_); }
  /// Of the frame on display at the start.
  int64_t firstTime(int64_t pts) const { return section_.origin > 0 ? 0 : timeOf(pts); }

 private:
  Section section_;
  Rational timeBase_;
  int64_t origin_;  // in ticks
  bool begun_;
};

}  // namespace framelane::media
