#include "ops/histogram.hpp"

#include <cstring>

#include "core/device.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

// Clearing and adding up a worker's bins takes as long as counting some thousand pixels.
constexpr int kMinPixelsPerTask = 32768;

/// Counts for each worker by itself; whole numbers give the same in any order.
class HistogramStage final : public AreaStage {
 public:
  explicit HistogramStage(const Kernels& kernels) : kernels_(kernels) {}

  size_t scratchBytes() const override { return ThreadPool::instance().threads() * sizeof(Histogram::Result); }

  void run(Queue&, const Plane& input, const Plane& output, void* scratch) const override {
    auto* const bins = static_cast<Histogram::Result*>(scratch);
    std::memset(bins, 0, scratchBytes());
    ThreadPool::instance().parallelRows(
        input.height, kMinPixelsPerTask / input.width + 1,
        [&](int worker, int y0, int y1) { kernels_.histogramRows(input, bins[worker].bins, y0, y1); });
    auto& result = *static_cast<Histogram::Result*>(output.data);
    result = {};
    for (int worker = 0; worker < ThreadPool::instance().threads(); worker++)
      for (int c = 0; c < kMeasured; c++)
        for (int i = 0; i < Histogram::kBins; i++) result.bins[c][i] += bins[worker].bins[c][i];
  }

 private:
  const Kernels& kernels_;
};

}  // namespace

std::unique_ptr<AreaStage> prepare(const Histogram&, Device& device, const AreaShape&) {
  return std::make_unique<HistogramStage>(kernelsOf(*device.backend));
}

}  // namespace framelane::cpu
