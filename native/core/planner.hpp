#pragma once
// Turns a list of operations into passes. Three rules do the work:
//   1. Neighbouring point ops are one fused pass together with the load before and the store after them; affine ones fold
//      into one matrix, at either end into the load or store matrix.
//   2. flip and crop cost nothing: they are how the next pass reads its input.
//   3. On an opaque frame, affine ops commute with area ops (filters whose weights sum to 1), so they move past them; and
//      planes of a YUV frame are filtered as they are while nothing before (or nothing after) needs RGB.
#include <string>
#include <vector>

#include "core/plan.hpp"

namespace framelane {

PointStep matrixStep(const ColorMatrix& matrix);  // registry.cpp
PointStep premultiplyStep();                      // registry.cpp
std::shared_ptr<const Op> quantiseOp();           // registry.cpp

bool insideInput(const View& view, Size input);
/// Reads through `outer` what `inner` shows.
View composeViews(const View& inner, const View& outer);

class Planner {
 public:
  explicit Planner(const Plan::Request& request);
  std::shared_ptr<const Plan> plan();

 private:
  struct Item {  // a folded run of affine ops, or one step
    bool isMatrix = false;
    ColorMatrix matrix;
    PointStep step;
    bool positional = false;
    const Op* op = nullptr;  // of a source step
  };
  /// What has been read from `address` and not been written yet.
  struct Pending {
    FrameShape shape;
    Plan::Address address;
    View view;
    bool readsInput = true;
    bool opaque = true;  // since the load
    std::vector<Item> items;
    std::string names;
  };

  void add(const Op& op, size_t index);
  void addMatrix(const ColorMatrix& matrix);
  void addStep(Item item);
  void addView(const Op& op, size_t index);
  void addArea(const Op& op, size_t index);
  void finish();
  void prepare(Plan::Pass& pass);

  Size size() const { return {pending_.view.width, pending_.view.height}; }
  bool identityView() const;
  bool onlyMatrices() const;
  bool planarAllowed(size_t index) const;
  FrameShape intermediate(size_t index, Size size) const;
  void startFrom(const FrameShape& shape, Plan::Address address);
  /// Writes what is pending to the workspace, or to the plan's output.
  void flush(FrameShape target, bool toOutput);
  PointProgram program(const FrameShape& target) const;
  Plan::Address workspace(const FrameShape& shape);

  const Plan::Request& request_;
  std::shared_ptr<Plan> plan_;
  Pending pending_;
  bool opaque_;
  std::vector<bool> planarBefore_, planarAfter_;  // may ops [0, i) and (i, n) be done on YUV planes?
  size_t slotBytes_[2] = {0, 0};
  size_t scratchBytes_ = 0;
  int slot_ = 0;
};

}  // namespace framelane
