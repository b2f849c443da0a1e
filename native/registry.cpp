#include "registry.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/conversion.hpp"
#include "core/device.hpp"
#include "core/lowering.hpp"
#include "ops/all.hpp"

namespace framelane {

namespace {

// Gives an op's plain struct the interface the planner works with. Traits that a struct does not declare are the strictest.
template <class Struct>
class OpBase : public Op {
 public:
  OpBase(const char* name, Reader& reader) : name_(name) { op_.read(reader); }
  const char* name() const override { return name_; }

 protected:
  Traits declared(Reach reach, Size size) const {
    Traits traits;
    traits.reach = reach;
    traits.size = size;
    if constexpr (requires { Struct::kOpaqueness; }) traits.opaqueness = Struct::kOpaqueness;
    if constexpr (requires { op_.opaqueness(); }) traits.opaqueness = op_.opaqueness();
    if constexpr (requires { Struct::kSumOne; }) traits.sumOne = Struct::kSumOne;
    if constexpr (requires { Struct::kPlanar; }) traits.planar = Struct::kPlanar;
    if constexpr (requires { Struct::kPositional; }) traits.positional = Struct::kPositional;
    if constexpr (requires { Struct::kGenerates; }) traits.generates = Struct::kGenerates;
    return traits;
  }
  Struct op_;

 private:
  const char* name_;
};

template <class Struct>
struct AffineOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override {
    Traits traits = this->declared(Reach::point, input);
    traits.affine = true;
    traits.opaqueness = matrix().alpha == 1 ? Opaqueness::keeps : Opaqueness::breaks;
    return traits;
  }
  ColorMatrix matrix() const override { return this->op_.matrix(); }
};

template <class Struct, PointId kId>
struct PointOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override { return this->declared(Reach::point, input); }
  PointStep step(Size size) const override {
    PointStep step;
    step.id = static_cast<uint32_t>(kId);
    step.set(this->op_.kernel(size));
    return step;
  }
};

template <class Struct, PointId kId>
struct SourceOp : PointOp<Struct, kId> {
  using PointOp<Struct, kId>::PointOp;
  Traits traits(Size input) const override {
    Traits traits = PointOp<Struct, kId>::traits(input);
    traits.operand = true;
    traits.positional = true;
    return traits;
  }
  SourceView operand(Size size) const override { return this->op_.place(size); }
  std::shared_ptr<const ImageBuffer> operandImage() const override { return this->op_.source; }
};

template <class Struct, PointId kId>
struct TableOp : PointOp<Struct, kId> {
  using PointOp<Struct, kId>::PointOp;
  Traits traits(Size input) const override {
    Traits traits = PointOp<Struct, kId>::traits(input);
    traits.operand = true;
    return traits;
  }
  SourceView operand(Size) const override { return {this->op_.table()->plane(), 0, 0}; }
  std::shared_ptr<const ImageBuffer> operandImage() const override { return this->op_.table(); }
};

template <class Struct>
struct ViewOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override {
    Traits traits = this->declared(Reach::view, input);
    traits.view = this->op_.view(input);
    traits.size = {traits.view.width, traits.view.height};
    traits.opaqueness = insideInput(traits.view, input) ? Opaqueness::keeps : Opaqueness::breaks;
    return traits;
  }
};

template <class Struct>
struct AreaOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override { return this->declared(Reach::all, this->op_.outputSize(input)); }
  std::unique_ptr<AreaStage> prepare(Device& device, const AreaShape& shape) const override {
#ifdef FL_HAS_CUDA
    if (device.backend->kind() == DeviceKind::cuda) return cuda::prepare(this->op_, device, shape);
#endif
    return cpu::prepare(this->op_, device, shape);
  }
  bool sameAs(const Op& other) const override {
    const auto* same = dynamic_cast<const AreaOp*>(&other);
    return same && same->op_ == this->op_;
  }
};

template <class Wrapper>
OpEntry entry(const char* name) {
  return {name, [](const char* opName, Reader& reader) -> std::shared_ptr<const Op> {
            return std::make_shared<Wrapper>(opName, reader);
          }};
}

std::vector<OpEntry> makeRegistry() {
  std::vector<OpEntry> all = {
#define FL_AFFINE(Struct, name) entry<AffineOp<Struct>>(name),
#define FL_POINT(Struct, name) entry<PointOp<Struct, PointId::Struct>>(name),
#define FL_SOURCE(Struct, name) entry<SourceOp<Struct, PointId::Struct>>(name),
#define FL_TABLE(Struct, name) entry<TableOp<Struct, PointId::Struct>>(name),
#define FL_VIEW(Struct, name) entry<ViewOp<Struct>>(name),
#define FL_AREA(Struct, name) entry<AreaOp<Struct>>(name),
#include "registry.def"
  };
  std::erase_if(all, [](const OpEntry& entry) { return *entry.name == '\0'; });  // the planner's own steps
  return all;
}

}  // namespace

const std::vector<OpEntry>& registry() {
  static const std::vector<OpEntry> entries = makeRegistry();
  return entries;
}

const OpEntry& findOp(const std::string& name) {
  for (const OpEntry& entry : registry())
    if (name == entry.name) return entry;
  fail("ERR_UNKNOWN_OP", "unknown operation \"" + name + "\"");
}

PointStep matrixStep(const ColorMatrix& matrix) {
  PointStep step;
  step.id = static_cast<uint32_t>(PointId::ColorMatrixStep);
  step.set(pack(matrix));
  return step;
}

PointStep premultiplyStep() {
  PointStep step;
  step.id = static_cast<uint32_t>(PointId::Premultiply);
  return step;
}

}  // namespace framelane
