#pragma once
#include "core/op.hpp"
#include "core/result.hpp"

namespace framelane {

/// The least, the greatest and the mean value, by channel and by luma. NaN is left out and counted; where there is nothing else, all
/// three are NaN. Sums are of doubles, in an order that depends on the frame's size alone.
struct Statistics {
  ResultName name;
  void read(Reader& reader) { name.read(reader); }
  bool operator==(const Statistics&) const { return true; }  // the name decides nothing

  struct Channel {
    double min, max, mean, nans;
  };
  struct Result {
    Channel channels[kMeasured];
  };
  void write(const Result& result, ResultWriter& writer) const {
    name.write(writer);
    for (int i = 0; i < kMeasured; i++) {
      const auto& [min, max, mean, nans] = result.channels[i];
      writer.numbers(kMeasuredNames[i], {{"min", min}, {"max", max}, {"mean", mean}, {"nans", nans}});
    }
  }
};

namespace cpu {
std::unique_ptr<AreaStage> prepare(const Statistics&, Device&, const AreaShape&);
}
namespace cuda {
std::unique_ptr<AreaStage> prepare(const Statistics&, Device&, const AreaShape&);
}

}  // namespace framelane
