#include "ops/registry.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <type_traits>

#include "core/code_table.hpp"
#include "core/conversion.hpp"
#include "core/device.hpp"
#include "core/error.hpp"
#include "core/inserted_steps.hpp"
#include "cpu/stencil.hpp"
#include "cuda/stencil.hpp"
#include "ops/all.hpp"

namespace framelane {

namespace {

/// Has code of the user's, and its name.
template <class Struct>
concept IsCoded = requires(const Struct& op) {
  op.code->name;
};

/// The same address for the same text, for the rest of the process.
const char* internedName(const std::string& name) {
  static std::mutex mutex;
  static std::set<std::string> names;
  const std::scoped_lock lock(mutex);
  return names.insert(name).first->c_str();
}

// Gives an op's plain struct the interface the planner works with. Traits that a struct does not declare are the strictest.
template <class Struct>
class OpBase : public Op {
 public:
  OpBase(const char* name, Reader& reader) : name_(name) {
    op_.read(reader);
    if constexpr (IsCoded<Struct>) name_ = internedName(op_.code->name);
    if constexpr (requires { op_.opName(); }) name_ = internedName(op_.opName());
  }
  const char* name() const override { return name_; }
  std::shared_ptr<const custom::Code> code() const override {
    if constexpr (IsCoded<Struct>) return op_.code;
    return nullptr;
  }

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
    if constexpr (requires { op_.positional(); }) traits.positional = op_.positional();
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
  Traits traits(Size input) const override {
    Traits traits = this->declared(Reach::point, input);
    if constexpr (requires { Struct::kOperands; }) traits.operands = Struct::kOperands;
    // What lies over a frame lies somewhere on it; a table does not.
    if constexpr (requires { this->op_.place(input, input); }) traits.positional = true;
    return traits;
  }
  PointStep step(Size size) const override {
    PointStep step;
    step.id = static_cast<uint32_t>(kId);
    step.set(this->op_.kernel(size));
    return step;
  }
  Point place(Size base, Size operand) const override {
    if constexpr (requires { this->op_.place(base, operand); }) return this->op_.place(base, operand);
    return {};
  }
  std::shared_ptr<const ImageBuffer> operandImage() const override {
    if constexpr (requires { this->op_.operandImage(); }) return this->op_.operandImage();
    return nullptr;
  }
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
std::unique_ptr<AreaStage> prepareOn(Device& device, const Struct& op, const AreaShape& shape) {
#ifdef FL_HAS_CUDA
  if (device.backend->kind() == DeviceKind::cuda) return cuda::prepare(op, device, shape);
#endif
  return cpu::prepare(op, device, shape);
}

template <class Struct>
struct CustomOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override { return this->declared(Reach::all, this->op_.outputSize(input)); }
  std::unique_ptr<AreaStage> prepare(Device& device, const AreaShape& shape) const override {
    return prepareOn(device, this->op_, shape);
  }
  bool sameAs(const Op& other) const override {
    const auto* same = dynamic_cast<const CustomOp*>(&other);
    return same && same->op_ == this->op_;
  }
};

template <class Struct>
struct ResultOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  using Result = typename Struct::Result;
  static_assert(std::is_trivially_copyable_v<Result>);
  Traits traits(Size input) const override {
    Traits traits = this->declared(Reach::all, input);
    traits.opaqueness = Opaqueness::keeps;
    traits.result = sizeof(Result);
    return traits;
  }
  std::unique_ptr<AreaStage> prepare(Device& device, const AreaShape& shape) const override {
    return prepareOn(device, this->op_, shape);
  }
  bool sameAs(const Op& other) const override {
    const auto* same = dynamic_cast<const ResultOp*>(&other);
    return same && same->op_ == this->op_;
  }
  void writeResult(const void* result, ResultWriter& writer) const override {
    this->op_.write(*static_cast<const Result*>(result), writer);
  }
};

/// Keeps the code that a stage runs.
class CodedStage final : public AreaStage {
 public:
  CodedStage(std::unique_ptr<AreaStage> stage, std::shared_ptr<const CodeTable> code)
      : stage_(std::move(stage)), code_(std::move(code)) {}
  size_t scratchBytes() const override { return stage_->scratchBytes(); }
  void run(Queue& queue, const Plane& input, const Plane& output, void* scratch) const override {
    stage_->run(queue, input, output, scratch);
  }

 private:
  std::unique_ptr<AreaStage> stage_;
  std::shared_ptr<const CodeTable> code_;
};

std::unique_ptr<AreaStage> prepareStencilOn(Device& device, const Stencil& stencil, const AreaShape& shape) {
#ifdef FL_HAS_CUDA
  if (device.backend->kind() == DeviceKind::cuda) return cuda::prepareStencil(stencil, device, shape);
#endif
  return cpu::prepareStencil(stencil, device, shape);
}

template <class Struct, StencilId kId>
struct StencilOp : OpBase<Struct> {
  using OpBase<Struct>::OpBase;
  Traits traits(Size input) const override { return this->declared(Reach::window, input); }
  std::unique_ptr<AreaStage> prepare(Device& device, const AreaShape& shape) const override {
    Stencil stencil;
    stencil.step.id = static_cast<uint32_t>(kId);
    stencil.step.set(this->op_.kernel(shape));
    if constexpr (IsCoded<Struct>) {
      const auto code = device.codes.get(device, this->op_.code);
      stencil.reach = this->op_.reach();
      stencil.code = code->plane().data;
      return std::make_unique<CodedStage>(prepareStencilOn(device, stencil, shape), code);
    } else {
      static_assert(Struct::kReach >= 1 && Struct::kReach <= kMaxReach);
      stencil.reach = Struct::kReach;
      return prepareStencilOn(device, stencil, shape);
    }
  }
  bool sameAs(const Op& other) const override {
    const auto* same = dynamic_cast<const StencilOp*>(&other);
    return same && same->op_ == this->op_;
  }
};

template <class Wrapper>
OpEntry entry(const char* name, bool coded = false) {
  return {name,
          [](const char* opName, Reader& reader) -> std::shared_ptr<const Op> {
            return std::make_shared<Wrapper>(opName, reader);
          },
          coded};
}

std::vector<OpEntry> makeRegistry() {
  std::vector<OpEntry> all = {
#define FL_AFFINE(Struct, name) entry<AffineOp<Struct>>(name),
#define FL_POINT(Struct, name) entry<PointOp<Struct, PointId::Struct>>(name),
#define FL_CODED_POINT(Struct, name) entry<PointOp<Struct, PointId::Struct>>(name, true),
#define FL_VIEW(Struct, name) entry<ViewOp<Struct>>(name),
#define FL_STENCIL(Struct, name) entry<StencilOp<Struct, StencilId::Struct>>(name),
#define FL_CODED_STENCIL(Struct, name) entry<StencilOp<Struct, StencilId::Struct>>(name, true),
#define FL_CUSTOM(Struct, name) entry<CustomOp<Struct>>(name),
#define FL_CODED_CUSTOM(Struct, name) entry<CustomOp<Struct>>(name, true),
#define FL_RESULT(Struct, name) entry<ResultOp<Struct>>(name),
#include "ops/registry.def"
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

namespace {

/// For ops that no stage names, and that have no options.
class NoOptions final : public Reader {
 public:
  double number(const char* name) override { none(name); }
  int integer(const char* name) override { none(name); }
  bool boolean(const char* name) override { none(name); }
  Rgba color(const char* name) override { none(name); }
  int oneOf(const char* name, std::initializer_list<const char*>) override { none(name); }
  std::shared_ptr<const ImageBuffer> image(const char* name) override { none(name); }
  Lut lut(const char* name) override { none(name); }
  std::string text(const char* name) override { none(name); }
  std::shared_ptr<const custom::Code> code(const char* name, int) override { none(name); }
  std::vector<float> floats(const char* name) override { none(name); }
  bool has(const char*) override { return false; }

 private:
  [[noreturn]] void none(const char* name) {
    fail("ERR_INTERNAL", std::string(name) + ": this operation has no options");
  }
};

std::string sizeText(Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

/// What changes the size of what it gets leaves nothing that could be put back.
void requireKeptSize(const char* what, Size before, Size after) {
  if (before == after) return;
  fail("ERR_INVALID_OPTION", std::string(what) +
                                 ": expected an operation that keeps the size, received one that makes " +
                                 sizeText(after) + " of " + sizeText(before));
}

struct PlaceOp : PointOp<Place, PointId::Place> {
  PlaceOp(Reader& reader, int x, int y, Size size) : PointOp("region", reader), region(size) {
    op_.x = x;
    op_.y = y;
  }
  void checkOperand(Size, Size operand) const override { requireKeptSize("region", region, operand); }
  Size region;
};

struct MixOp : PointOp<Mix, PointId::Mix> {
  MixOp(Reader& reader, std::shared_ptr<const ImageBuffer> image) : PointOp("mask", reader), mask(std::move(image)) {}
  void checkOperand(Size base, Size operand) const override { requireKeptSize("mask", base, operand); }
  std::shared_ptr<const ImageBuffer> operandImage() const override { return mask; }
  std::shared_ptr<const ImageBuffer> mask;
};

}  // namespace

std::shared_ptr<const Op> mixOp(std::shared_ptr<const ImageBuffer> mask) {
  NoOptions none;
  return std::make_shared<MixOp>(none, std::move(mask));
}

std::shared_ptr<const Op> placeOp(int x, int y, Size size) {
  NoOptions none;
  return std::make_shared<PlaceOp>(none, x, y, size);
}

std::shared_ptr<const Op> quantiseOp() {
  static const auto op = [] {
    NoOptions none;
    return std::make_shared<PointOp<Quantise, PointId::Quantise>>("round", none);
  }();
  return op;
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
