#include "registry.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/planner.hpp"
#include "ops/all.hpp"

namespace framelane {

namespace {

// Gives an op's plain struct the interface the planner works with. What a struct does not declare keeps its default.
template <class Struct>
class OpBase : public Op {
 public:
  OpBase(const char* name, OpKind kind, Reader& reader) : name_(name), kind_(kind) { op_.read(reader); }
  const char* name() const override { return name_; }
  OpKind kind() const override { return kind_; }

 protected:
  Struct op_;

 private:
  const char* name_;
  OpKind kind_;
};

template <class Struct>
struct AffineOp : OpBase<Struct> {
  AffineOp(const char* name, Reader& reader) : OpBase<Struct>(name, OpKind::affine, reader) {}
  ColorMatrix matrix() const override { return this->op_.matrix(); }
  bool opaque(bool input, Size) const override { return input && matrix().alpha == 1; }
};

template <class Struct, PointId kId, OpKind kKind = OpKind::point>
struct PointOp : OpBase<Struct> {
  PointOp(const char* name, Reader& reader) : OpBase<Struct>(name, kKind, reader) {}
  PointStep step(Size size) const override {
    PointStep step;
    step.id = static_cast<uint32_t>(kId);
    step.set(this->op_.kernel(size));
    return step;
  }
  bool generates() const override {
    if constexpr (requires { Struct::kGenerates; }) return true;
    return false;
  }
  bool positional() const override {
    if constexpr (requires { Struct::kPositional; }) return true;
    return kKind == OpKind::source;
  }
  bool opaque(bool input, Size size) const override {
    if constexpr (requires { this->op_.opaque(input, size); }) return this->op_.opaque(input, size);
    return input;
  }
};

template <class Struct, PointId kId>
struct SourceOp : PointOp<Struct, kId, OpKind::source> {
  SourceOp(const char* name, Reader& reader) : PointOp<Struct, kId, OpKind::source>(name, reader) {}
  SourceView source(Size size) const override { return this->op_.place(size); }
  std::shared_ptr<const ImageBuffer> sourceImage() const override { return this->op_.source; }
};

template <class Struct, PointId kId>
struct TableOp : PointOp<Struct, kId, OpKind::table> {
  TableOp(const char* name, Reader& reader) : PointOp<Struct, kId, OpKind::table>(name, reader) {}
  SourceView source(Size) const override { return {this->op_.table()->read().plane(), 0, 0}; }
  std::shared_ptr<const ImageBuffer> sourceImage() const override { return this->op_.table(); }
};

template <class Struct>
struct ViewOp : OpBase<Struct> {
  ViewOp(const char* name, Reader& reader) : OpBase<Struct>(name, OpKind::view, reader) {}
  View view(Size size) const override { return this->op_.view(size); }
  Size outputSize(Size input) const override {
    const View view = this->view(input);
    return {view.width, view.height};
  }
  bool opaque(bool input, Size size) const override { return input && insideInput(view(size), size); }
};

template <class Struct>
struct AreaOp : OpBase<Struct> {
  AreaOp(const char* name, Reader& reader) : OpBase<Struct>(name, OpKind::area, reader) {}
  Size outputSize(Size input) const override { return this->op_.outputSize(input); }
  std::unique_ptr<AreaStage> prepare(Backend& backend, const AreaShape& shape) const override {
#ifdef FL_HAS_CUDA
    if (backend.kind() == DeviceKind::cuda) return cuda::prepare(this->op_, backend, shape);
#endif
    return cpu::prepare(this->op_, backend, shape);
  }
};

template <class Wrapper>
OpEntry entry(const char* name, OpKind kind) {
  return {name, kind, [](const char* opName, Reader& reader) -> std::shared_ptr<const Op> {
            return std::make_shared<Wrapper>(opName, reader);
          }};
}

std::vector<OpEntry> makeRegistry() {
  std::vector<OpEntry> all = {
#define FL_AFFINE(Struct, name) entry<AffineOp<Struct>>(name, OpKind::affine),
#define FL_POINT(Struct, name) entry<PointOp<Struct, PointId::Struct>>(name, OpKind::point),
#define FL_SOURCE(Struct, name) entry<SourceOp<Struct, PointId::Struct>>(name, OpKind::source),
#define FL_TABLE(Struct, name) entry<TableOp<Struct, PointId::Struct>>(name, OpKind::table),
#define FL_VIEW(Struct, name) entry<ViewOp<Struct>>(name, OpKind::view),
#define FL_AREA(Struct, name) entry<AreaOp<Struct>>(name, OpKind::area),
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

std::shared_ptr<const Op> quantiseOp() {
  struct NoOptions final : Reader {
    double number(const char*) override { return 0; }
    int integer(const char*) override { return 0; }
    bool boolean(const char*) override { return false; }
    Rgba color(const char*) override { return {}; }
    int oneOf(const char*, std::initializer_list<const char*>) override { return 0; }
    std::shared_ptr<const ImageBuffer> image(const char*) override { return nullptr; }
    Lut lut(const char*) override { return {}; }
    bool has(const char*) override { return false; }
  } none;
  static const std::shared_ptr<const Op> op = std::make_shared<PointOp<Quantise, PointId::Quantise>>("round", none);
  return op;
}

PointStep premultiplyStep() {
  PointStep step;
  step.id = static_cast<uint32_t>(PointId::Premultiply);
  return step;
}

}  // namespace framelane
