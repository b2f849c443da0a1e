#pragma once
// What a structure compiles to: which passes, over which frames, and where those lie. Immutable, without values and without
// addresses; core/bound_plan.hpp adds the values of operations.
#include <memory>
#include <string>
#include <vector>

#include "core/structure.hpp"

namespace framelane {

class Plan {
 public:
  static std::shared_ptr<const Plan> compile(const Structure& structure);

  /// Where a frame lives while the plan runs.
  struct Address {
    enum class Place : uint8_t { input, output, workspace, results, reference } place = Place::input;
    size_t offset = 0;  // in bytes; a reference's index
    size_t writer = 0;  // the pass that writes it, in the workspace
    bool operator==(const Address&) const = default;
  };
  /// An op in a fused pass, on a frame of that size.
  struct Step {
    size_t op;
    bool affine;
    int operands;
    Size size;
  };
  /// A frame that a step of a fused pass takes as its operand number `source`.
  struct Operand {
    int source;
    FrameShape shape;
    Address address;
    bool operator==(const Operand&) const = default;
  };
  struct Pass {
    FrameShape inputShape, outputShape;
    Address input, output;
    bool opaque = true;  // every pixel's alpha is 1 from the load to the store
    std::string text;
    // An area op, one shape for each plane; none: a fused pass.
    size_t op = 0;
    std::vector<AreaShape> planes;
    // A fused pass.
    View view;
    bool readsInput = true;
    bool flattens = false;  // multiplies by alpha before a store that has none
    ColorMatrix load, store;
    ChromaGrid chroma = ChromaGrid::kept;
    std::vector<Step> steps;
    std::vector<Operand> operands;
    std::optional<Element> second;  // of the structure, in the pass that writes the output

    // What is found out about the input: an area pass whose output is a row of bytes.
    bool isResult = false;

    bool fused() const { return planes.empty(); }
    /// Whether both lead from the same frames to the same frame; what they compute is a matter of values.
    bool sameFrames(const Pass& other) const {
      return input == other.input && inputShape == other.inputShape && output == other.output &&
             outputShape == other.outputShape && operands == other.operands && second == other.second;
    }
  };

  const Structure& structure() const { return structure_; }
  const FrameShape& input() const { return structure_.input; }
  const FrameShape& output() const { return output_; }
  const std::vector<Pass>& passes() const { return passes_; }
  /// True when the output is the input, bit for bit: nothing need run.
  bool passthrough() const { return passes_.empty(); }
  /// True when no pixel of the result is transparent, even where the output's format has no alpha.
  bool opaque() const { return opaque_; }
  /// True when the input's memory may be that of an output of its format.
  bool inPlace() const;
  /// For the frames between passes.
  size_t frameBytes() const { return frameBytes_; }
  /// Where an op's result lies in the block of results.
  struct Result {
    size_t op, offset, bytes;
  };
  /// In the order of the operations.
  const std::vector<Result>& results() const { return results_; }
  size_t resultBytes() const { return resultBytes_; }
  /// One line a pass, for `framelane check` and tests: "yuv420p -> [gaussianBlur] -> yuv420pf32".
  std::vector<std::string> describe() const;
  /// What it takes itself.
  size_t bytes() const;

 private:
  friend class Planner;
  Structure structure_;
  FrameShape output_;
  std::vector<Pass> passes_;
  size_t frameBytes_ = 0;
  std::vector<Result> results_;
  size_t resultBytes_ = 0;
  bool opaque_ = true;
};

}  // namespace framelane
