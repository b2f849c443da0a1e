#pragma once
#include "core/op.hpp"
#include "core/result.hpp"

namespace framelane {

/// How many pixels have each of the 256 codes, by channel and by luma. A code is floor(clamp(255 v, 0, 255) + 1/2), that of NaN is
/// 0; luma is that of the codes, rounded in whole numbers: every device counts the same.
struct Histogram {
  ResultName name;
  void read(Reader& reader) { name.read(reader); }
  bool operator==(const Histogram&) const { return true; }  // the name decides nothing

  static constexpr int kBins = 256;
  struct Result {
    uint32_t bins[kMeasured][kBins];
  };
  void write(const Result& result, ResultWriter& writer) const {
    name.write(writer);
    for (int i = 0; i < kMeasured; i++) writer.counts(kMeasuredNames[i], result.bins[i]);
  }

  FL_HD static uint32_t luma(uint32_t r, uint32_t g, uint32_t b) {
    return (2126 * r + 7152 * g + 722 * b + 5000) / 10000;
  }
};

namespace cpu {
std::unique_ptr<AreaStage> prepare(const Histogram&, Device&, const AreaShape&);
}
namespace cuda {
std::unique_ptr<AreaStage> prepare(const Histogram&, Device&, const AreaShape&);
}

}  // namespace framelane
