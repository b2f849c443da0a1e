#pragma once
// Compile once, run for every frame. Compiling validates, folds, fuses, picks kernels and sizes the intermediate frames;
// running only binds addresses and enqueues.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/memory.hpp"
#include "core/op.hpp"

namespace framelane {

class Plan {
 public:
  /// `output.format` may be another format than the input's; its size is set by the operations, its colour is taken as given.
  struct Request {
    std::shared_ptr<Device> device;
    FrameShape input;
    PixelFormat outputFormat;
    Color outputColor;
    std::vector<std::shared_ptr<const Op>> ops;
    bool planar = true;   // allow filtering YUV planes as they are
    bool opaque = false;  // the input's alpha is 1 everywhere, although its format has one
    bool fold = true;     // affine ops become one matrix with their neighbours, the load and the store
  };
  static std::shared_ptr<const Plan> compile(const Request& request);

  const FrameShape& input() const { return input_; }
  const FrameShape& output() const { return output_; }
  /// True when the output is the input, bit for bit: nothing need run.
  bool passthrough() const { return passes_.empty(); }
  /// True when no pixel of the result is transparent, whatever the output's format makes of alpha.
  bool opaque() const { return opaque_; }
  /// True when `run` may be given the same address as input and output.
  bool inPlace() const;
  size_t workspaceBytes() const { return workspaceBytes_; }
  /// Enqueues every pass. `input` and `output` are tightly packed frames in device memory and must not overlap;
  /// `workspace` has workspaceBytes(). A plan may run on several queues at once, each with its own workspace.
  /// The events of `marks`, where there are any, are recorded before the first pass and after each.
  void run(Queue& queue, const void* input, void* output, void* workspace,
           std::span<const std::unique_ptr<Event>> marks = {}) const;
  size_t passCount() const { return passes_.size(); }
  /// One line a pass, for `framelane check` and tests: "yuv420p -> [gaussianBlur] -> yuv420pf32".
  std::vector<std::string> describe() const;

 private:
  friend class Planner;
  struct Address {  // where a frame lives while the plan runs
    enum class Place { input, output, workspace } place = Place::input;
    size_t offset = 0;
  };
  struct Pass {
    FrameShape inputShape, outputShape;
    Address input, output;
    std::shared_ptr<const PointProgram> program;     // a fused pass, or
    const Op* area = nullptr;                        // an area op with
    std::vector<std::shared_ptr<AreaStage>> stages;  // one stage per plane
    bool opaque = true;
    size_t scratchOffset = 0;
    std::string text;
  };
  FrameShape input_, output_;
  std::vector<Pass> passes_;
  std::vector<std::shared_ptr<const Op>> ops_;  // keeps blend sources alive
  size_t workspaceBytes_ = 0;
  bool opaque_ = true;
};

}  // namespace framelane
