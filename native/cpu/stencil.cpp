#include "cpu/stencil.hpp"

#include <algorithm>

#include "core/device.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

// The first rows of a band are read by the band above too; so many times the reach keep that below 1/8.
constexpr int kBandReaches = 16;

class StencilStage final : public AreaStage {
 public:
  StencilStage(const Kernels& kernels, const AreaShape& shape, const Stencil& stencil)
      : kernels_(kernels), task_{{}, {}, shape.straightAlpha, stencil}, channels_(shape.channels) {
    const int width = shape.input.width, height = shape.input.height, threads = ThreadPool::instance().threads();
    tiles_ = (width + stencilTileWidth(channels_) - 1) / stencilTileWidth(channels_);
    const int bandsWanted = threads == 1 ? 1 : std::max(1, 4 * threads / tiles_);
    bandRows_ = std::max((height + bandsWanted - 1) / bandsWanted, kBandReaches * stencil.reach);
    bands_ = (height + bandRows_ - 1) / bandRows_;
  }

  size_t scratchBytes() const override { return ThreadPool::instance().threads() * floats() * sizeof(float); }

  void run(Queue&, const Plane& input, const Plane& output, void* scratch) const override {
    StencilTask task = task_;
    task.input = input;
    task.output = output;
    const int tileWidth = stencilTileWidth(channels_);
    ThreadPool::instance().parallelRows(tiles_ * bands_, 1, [&](int worker, int first, int last) {
      for (int i = first; i < last; i++) {
        const int x0 = i % tiles_ * tileWidth, y0 = i / tiles_ * bandRows_;
        kernels_.stencilTile(task, static_cast<float*>(scratch) + worker * floats(), x0,
                             std::min(x0 + tileWidth, input.width), y0, std::min(y0 + bandRows_, input.height));
      }
    });
  }

 private:
  size_t floats() const { return (stencilScratchFloats(task_.stencil, channels_) + 15) / 16 * 16; }

  const Kernels& kernels_;
  StencilTask task_;
  int channels_, tiles_, bands_, bandRows_;
};

}  // namespace

std::unique_ptr<AreaStage> prepareStencil(const Stencil& stencil, Device& device, const AreaShape& shape) {
  return std::make_unique<StencilStage>(kernelsOf(*device.backend), shape, stencil);
}

}  // namespace framelane::cpu
