#pragma once
// Turns a list of operations into passes. Three rules do the work:
//   1. Neighbouring point ops are one fused pass together with the load before and the store after them; affine ones fold
//      into one matrix, at either end into the load or store matrix.
//   2. A view costs nothing: it is how the next pass reads its input.
//   3. On an opaque frame, affine ops commute with filters whose weights sum to 1, so they move past them; and planes of a
//      YUV frame are filtered as they are while nothing before (or nothing after) needs RGB.
// What finds something out about a frame reads a copy in RGBA where there is none: the other passes stay what they were.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/plan.hpp"
#include "core/workspace.hpp"

namespace framelane {

class Planner {
 public:
  explicit Planner(const Structure& structure);
  std::shared_ptr<const Plan> plan();

 private:
  /// What has been read from `address` and not been written yet.
  struct Pending {
    FrameShape shape;
    Plan::Address address;
    View view;
    bool readsInput = true;
    bool opaque = true;  // since the load
    std::vector<Plan::Step> steps;
    std::vector<Plan::Operand> operands;
    std::string names;
  };
  /// The result of a node that more than the next one needs.
  struct Value {
    FrameShape shape;
    Plan::Address address;
    bool opaque;
  };

  void add(const Node& node, size_t index);
  void addStep(const Node& node, size_t index);
  /// What a node works on becomes what is pending.
  void continueFrom(int node);
  /// Writes what is pending as the result of the node, for others to read.
  void keep(int node);
  /// Operands are RGBA of bytes or floats; of all frames only those that the plan gets may be something else.
  void convertOperands();
  const Value& operandOf(int node) const;
  void addView(const Traits& traits, size_t index);
  void addArea(const Node& node, size_t index);
  void addResult(const Node& node, size_t index);
  void finish();

  Size size() const { return {pending_.view.width, pending_.view.height}; }
  bool identityView() const;
  bool isStored() const;
  bool onlyMatrices() const;
  size_t stepCount() const;
  int operandCount() const;
  bool planarAllowed(size_t index) const;
  FrameShape intermediate(size_t index, Size size) const;
  static FrameShape rgba(Size size) { return {PixelFormat::rgbaf32, size.width, size.height, {}}; }
  void startFrom(const FrameShape& shape, Plan::Address address);
  /// Writes what is pending to the workspace, or to the plan's output.
  void flush(FrameShape target, bool toOutput = false);
  void push(Plan::Pass pass);
  Plan::Address frame(const FrameShape& shape);

  const Structure& structure_;
  std::shared_ptr<Plan> plan_;
  Pending pending_;
  bool opaque_;
  std::map<int, Value> values_;
  std::map<int, Value> converted_;                // of what the plan gets, to RGBA
  std::optional<Value> copy_;                     // in RGBA, of what is pending
  size_t imageNodes_;                             // those without a result
  std::vector<bool> shared_;                      // is the node's result needed by others than the next one?
  int current_ = Wiring::kInput;                  // the node whose result is pending
  bool isList_;                                   // in other graphs RGBA is needed to branch
  std::vector<bool> planarBefore_, planarAfter_;  // may nodes [0, i) and (i, n) be done on YUV planes?
  Workspace workspace_;                           // an address's offset is the frame's number until plan() ends
};

}  // namespace framelane
