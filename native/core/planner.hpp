#pragma once
// Turns a list of operations into passes. Three rules do the work:
//   1. Neighbouring point ops are one fused pass together with the load before and the store after them; affine ones fold
//      into one matrix, at either end into the load or store matrix.
//   2. A view costs nothing: it is how the next pass reads its input.
//   3. On an opaque frame, affine ops commute with filters whose weights sum to 1, so they move past them; and planes of a
//      YUV frame are filtered as they are while nothing before (or nothing after) needs RGB.
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
    std::string names;
  };

  void add(const Node& node, size_t index);
  void addStep(const Traits& traits, size_t index);
  void addView(const Traits& traits, size_t index);
  void addArea(const Node& node, size_t index);
  void finish();

  Size size() const { return {pending_.view.width, pending_.view.height}; }
  bool identityView() const;
  bool onlyMatrices() const;
  size_t stepCount() const;
  size_t operandCount() const;
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
  std::vector<bool> planarBefore_, planarAfter_;  // may nodes [0, i) and (i, n) be done on YUV planes?
  Workspace workspace_;                           // an address's offset is the frame's number until plan() ends
};

}  // namespace framelane
