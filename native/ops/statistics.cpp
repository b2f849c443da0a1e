#include "ops/statistics.hpp"

#include <algorithm>
#include <cmath>

#include "core/device.hpp"
#include "core/measured.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

constexpr int kMinPixelsPerPart = 16384;
constexpr int kMostParts = 256;

/// Each part of the rows is added up by itself and the parts in their order, so threads and their number change no bit.
class StatisticsStage final : public AreaStage {
 public:
  StatisticsStage(const Kernels& kernels, Size size) : kernels_(kernels), size_(size) {
    rows_ = std::max(kMinPixelsPerPart / size.width + 1, (size.height + kMostParts - 1) / kMostParts);
    parts_ = (size.height + rows_ - 1) / rows_;
  }

  size_t scratchBytes() const override { return parts_ * sizeof(Part); }

  void run(Queue&, const Plane& input, const Plane& output, void* scratch) const override {
    auto* const parts = static_cast<Part*>(scratch);
    ThreadPool::instance().parallelRows(parts_, 1, [&](int, int first, int last) {
      for (int i = first; i < last; i++)
        kernels_.statisticsRows(input, parts[i].channels, i * rows_, std::min((i + 1) * rows_, size_.height));
    });
    for (int c = 0; c < kMeasured; c++) {
      MeasuredPart whole = emptyPart();
      for (int i = 0; i < parts_; i++) addPart(whole, parts[i].channels[c]);
      static_cast<Statistics::Result*>(output.data)->channels[c] = channelOf(whole);
    }
  }

 private:
  struct Part {
    MeasuredPart channels[kMeasured];
  };

  Statistics::Channel channelOf(const MeasuredPart& whole) const {
    const auto nans = static_cast<double>(whole.nans);
    const double count = static_cast<double>(size_.width) * size_.height - nans;
    if (count == 0) return {NAN, NAN, NAN, nans};
    return {whole.min, whole.max, whole.sum / count, nans};
  }

  const Kernels& kernels_;
  Size size_;
  int rows_, parts_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Statistics&, Device& device, const AreaShape& shape) {
  return std::make_unique<StatisticsStage>(kernelsOf(*device.backend), shape.input);
}

}  // namespace framelane::cpu
