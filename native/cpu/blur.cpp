#include "cpu/blur.hpp"

#include <algorithm>

#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

// The window of a tile is to stay in L2 beside the rows that stream through it: half of 512 KiB
// (Zen 3), a fifth of Ice Lake's.
constexpr int kWindowFloats = 256 * 1024 / 4;
// Narrower tiles spend more on the columns they share with their neighbours than L2 misses cost.
constexpr int kMinTileFloats = 256;
// The first rows of a band are blurred horizontally by the band above too; this many times the
// radius keeps that below 1/8.
constexpr int kBandRadii = 16;

int roundUp(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// Clamping makes every tap from `size` on read the edge, wherever the output is: they are one tap.
std::vector<float> foldBeyond(std::vector<float> weights, int size) {
  const size_t kept = static_cast<size_t>(size) + 1;
  for (size_t i = kept; i < weights.size(); i++) weights[kept - 1] += weights[i];
  weights.resize(std::min(weights.size(), kept));
  return weights;
}

}  // namespace

BlurStage::BlurStage(const Kernels& kernels, const AreaShape& shape, std::vector<float> weightsX,
                     std::vector<float> weightsY)
    : kernels_(kernels),
      weightsX_(foldBeyond(std::move(weightsX), shape.input.width)),
      weightsY_(foldBeyond(std::move(weightsY), shape.input.height)),
      task_{},
      size_(shape.input) {
  task_.weightsX = weightsX_.data();
  task_.weightsY = weightsY_.data();
  task_.radiusX = static_cast<int>(weightsX_.size()) - 1;
  task_.radiusY = static_cast<int>(weightsY_.size()) - 1;
  // Long enough that moving the window costs little beside filling it.
  task_.chunkRows = std::min(roundUp(std::max(16, task_.radiusY), 8), roundUp(size_.height, 8));
  const int windowRows = 2 * task_.radiusY + task_.chunkRows;
  const int wanted = std::max(kWindowFloats / windowRows, kMinTileFloats) / shape.channels;
  const int tiles = std::max(1, (size_.width + wanted - 1) / wanted);
  task_.tileWidth = roundUp((size_.width + tiles - 1) / tiles, 8);
  task_.input.channels = shape.channels;
  task_.alpha = {shape.straightAlpha, shape.straightAlpha};

  const int threads = ThreadPool::instance().threads();
  const int bandsWanted = threads == 1 ? 1 : std::max(1, 4 * threads / tiles);
  bandRows_ = std::max((size_.height + bandsWanted - 1) / bandsWanted, kBandRadii * task_.radiusY);
  // Rather long bands than idle threads.
  bandRows_ = roundUp(std::min(bandRows_, std::max(1, size_.height * tiles / threads)), 8);
}

size_t BlurStage::scratchBytes() const {
  return static_cast<size_t>(ThreadPool::instance().threads()) * blurScratchFloats(task_) * sizeof(float);
}

void BlurStage::run(Queue&, const Plane& input, const Plane& output, void* scratch) const {
  BlurTask task = task_;
  task.input = input;
  task.output = output;
  const int tiles = (size_.width + task.tileWidth - 1) / task.tileWidth;
  const int bands = (size_.height + bandRows_ - 1) / bandRows_;
  const size_t floats = blurScratchFloats(task);
  ThreadPool::instance().parallelRows(tiles * bands, 1, [&](int worker, int first, int last) {
    for (int i = first; i < last; i++) {
      const int x0 = i % tiles * task.tileWidth, y0 = i / tiles * bandRows_;
      kernels_.blurTile(task, static_cast<float*>(scratch) + worker * floats, x0,
                        std::min(x0 + task.tileWidth, size_.width), y0, std::min(y0 + bandRows_, size_.height));
    }
  });
}

}  // namespace framelane::cpu
