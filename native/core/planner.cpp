#include "core/planner.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/conversion.hpp"
#include "core/error.hpp"

namespace framelane {

namespace {

/// An op that can be done on the planes of an opaque frame, where the conversions around it commute with it.
bool isPlanar(const Traits& traits) {
  const bool commutes =
      traits.result > 0 || traits.affine || traits.reach == Reach::view || (traits.planar && traits.sumOne);
  return commutes && traits.opaqueness != Opaqueness::breaks;
}

bool isOpaqueAfter(const Traits& traits, bool before) {
  return traits.opaqueness == Opaqueness::makes || (traits.opaqueness == Opaqueness::keeps && before);
}

/// What is tracked is whole prefixes and suffixes of planar ops, because in between RGB is needed anyway.
std::vector<bool> planarPrefixes(const std::vector<Node>& nodes) {
  std::vector<bool> prefixes(nodes.size(), true);
  for (size_t i = 1; i < nodes.size(); i++) prefixes[i] = prefixes[i - 1] && isPlanar(nodes[i - 1].traits);
  return prefixes;
}

std::vector<bool> planarSuffixes(const std::vector<Node>& nodes) {
  std::vector<bool> suffixes(nodes.size(), true);
  for (size_t i = nodes.size(); i-- > 1;) suffixes[i - 1] = suffixes[i] && isPlanar(nodes[i].traits);
  return suffixes;
}

/// In a list none is.
std::vector<bool> sharedNodes(const std::vector<Node>& nodes) {
  std::vector<bool> shared(nodes.size());
  for (size_t i = 0; i < nodes.size(); i++) {
    const auto& [from, source, mask] = nodes[i].wiring;
    if (from >= 0 && from != static_cast<int>(i) - 1) shared[from] = true;
    if (source >= 0) shared[source] = true;
    if (mask >= 0) shared[mask] = true;
  }
  return shared;
}

bool isList(const std::vector<Node>& nodes) {
  for (size_t i = 0; i < nodes.size(); i++)
    if (!(nodes[i].wiring == Wiring{static_cast<int>(i) - 1})) return false;
  return true;
}

/// One shape for each plane of the frame an area op reads.
std::vector<AreaShape> planesOf(const FrameShape& input, const FrameShape& output, bool opaque) {
  const LayoutInfo info = input.format.info();
  std::vector<AreaShape> planes;
  for (int i = 0; i < info.planes; i++) {
    AreaShape shape{planeSize(input, i), planeSize(output, i), info.channels, input.format.element,
                    output.format.element};
    if (i == 1 || i == 2) {
      const ChromaLocation location = input.color.chromaLocation;
      shape.scaleX = 1.0 / (1 << info.subsampleX);
      shape.scaleY = 1.0 / (1 << info.subsampleY);
      // A sample on the first of its two pixels lies a quarter of a sample before their middle.
      if (info.subsampleX > 0 && location != ChromaLocation::center) shape.shiftX = -0.25;
      if (info.subsampleY > 0 && location == ChromaLocation::topLeft) shape.shiftY = -0.25;
    }
    shape.straightAlpha = info.channels == 4 && !opaque;
    planes.push_back(shape);
  }
  return planes;
}

/// Executors have no other instances with a second output.
void checkSecond(const Structure& structure) {
  if (!structure.second) return;
  const bool fits = isImageFormat(structure.input.format) && isImageFormat(structure.outputFormat) &&
                    isImageFormat(rgbaOf(*structure.second)) &&
                    (structure.outputFormat == PixelFormat::rgbaf32 || structure.second == Element::u8);
  require(fits, "ERR_INTERNAL", "second output: expected RGBA of floats or bytes throughout, and no floats of bytes");
}

}  // namespace

Planner::Planner(const Structure& structure)
    : structure_(structure),
      plan_(std::make_shared<Plan>()),
      opaque_(structure.opaque || !hasAlpha(structure.input.format)),
      imageNodes_(std::ranges::count_if(structure.nodes, [](const Node& node) { return node.traits.result == 0; })),
      isList_(isList(structure.nodes)),
      planarBefore_(planarPrefixes(structure.nodes)),
      planarAfter_(planarSuffixes(structure.nodes)) {
  checkSecond(structure);
  plan_->structure_ = structure;
  startFrom(structure.input, {});
  values_[Wiring::kInput] = {structure.input, {}, opaque_};
  for (size_t i = 0; i < structure.references.size(); i++) {
    const FrameShape& shape = structure.references[i];
    values_[Wiring::reference(i)] = {shape, {Plan::Address::Place::reference, i}, !hasAlpha(shape.format)};
  }
  shared_ = sharedNodes(structure.nodes);
}

std::shared_ptr<const Plan> Planner::plan() {
  convertOperands();
  for (size_t i = 0; i < structure_.nodes.size(); i++) {
    const Node& node = structure_.nodes[i];
    continueFrom(node.wiring.from);
    add(node, i);
    current_ = static_cast<int>(i);
    if (shared_[i]) keep(current_);
  }
  finish();
  plan_->opaque_ = opaque_;
  workspace_.place();
  plan_->frameBytes_ = workspace_.bytes();
  const auto settle = [&](Plan::Address& address) {
    if (address.place == Plan::Address::Place::workspace) address.offset = workspace_.offset(address.offset);
  };
  for (Plan::Pass& pass : plan_->passes_) {
    settle(pass.input);
    settle(pass.output);
    for (Plan::Operand& operand : pass.operands) settle(operand.address);
    if (!pass.fused()) pass.planes = planesOf(pass.inputShape, pass.outputShape, pass.opaque);
  }
  return plan_;
}

void Planner::add(const Node& node, size_t index) {
  if (node.traits.result > 0) return addResult(node, index);
  copy_.reset();
  switch (node.traits.reach) {
    case Reach::point: addStep(node, index); break;
    case Reach::view: addView(node.traits, index); break;
    case Reach::window:
    case Reach::all: addArea(node, index); return;  // names itself
  }
  pending_.names += (pending_.names.empty() ? "" : ", ") + std::string(node.name);
}

void Planner::continueFrom(int node) {
  if (node == current_) return;
  copy_.reset();
  const Value& value = values_.at(node);
  opaque_ = value.opaque;
  startFrom(value.shape, value.address);
  current_ = node;
}

void Planner::keep(int node) {
  if (!isStored() || !isImageFormat(pending_.shape.format)) flush(rgba(size()));
  values_[node] = {pending_.shape, pending_.address, opaque_};
}

void Planner::convertOperands() {
  for (const auto& [frame, value] : values_) {
    const auto takes = [frame = frame](const Node& node) {
      return node.wiring.source == frame || node.wiring.mask == frame;
    };
    if (isImageFormat(value.shape.format) || std::ranges::none_of(structure_.nodes, takes)) continue;
    continueFrom(frame);
    flush(rgba(size()));
    converted_[frame] = {pending_.shape, pending_.address, opaque_};
    current_ = Wiring::kImage;  // none: what is pending is the copy
  }
  continueFrom(Wiring::kInput);
}

const Planner::Value& Planner::operandOf(int node) const {
  const auto converted = converted_.find(node);
  return converted != converted_.end() ? converted->second : values_.at(node);
}

void Planner::addStep(const Node& node, size_t index) {
  const Traits& traits = node.traits;
  if (traits.generates) {
    pending_.steps.clear();
    pending_.operands.clear();
    pending_.readsInput = false;
  }
  // One step is kept free for the store's premultiply.
  const bool joins = structure_.fold && traits.affine && !pending_.steps.empty() && pending_.steps.back().affine;
  const bool full = (!joins && stepCount() + 1 >= kMaxSteps) || operandCount() + traits.operands > kMaxSources;
  if (full) flush(rgba(size()));
  int source = operandCount();
  for (const int operand : {node.wiring.source, node.wiring.mask}) {
    if (operand == Wiring::kImage) continue;
    const Value& value = operandOf(operand);
    pending_.operands.push_back({source++, value.shape, value.address});
  }
  pending_.steps.push_back({index, traits.affine, traits.operands, size()});
  opaque_ = isOpaqueAfter(traits, opaque_);
  pending_.opaque = pending_.opaque && opaque_ && !traits.generates;
}

void Planner::addView(const Traits& traits, size_t index) {
  const View& view = traits.view;
  const bool positional = !pending_.readsInput ||
                          std::any_of(pending_.steps.begin(), pending_.steps.end(),
                                      [&](const auto& step) { return structure_.nodes[step.op].traits.positional; });
  const bool reveals = !insideInput(view, size());  // what lies outside must stay transparent black
  // What follows a frame with revealed parts is not opaque and needs RGB: chroma had better be interpolated before the cut.
  if (reveals && (positional || !pending_.steps.empty() || !identityView()))
    flush(rgba(size()));
  else if (positional)
    flush(intermediate(index, size()));
  pending_.view = composeViews(pending_.view, view);
  opaque_ = isOpaqueAfter(traits, opaque_);
  pending_.opaque = pending_.opaque && opaque_;
}

void Planner::addArea(const Node& node, size_t index) {
  const Traits& traits = node.traits;
  const Size inputSize = size();
  const bool planar = planarAllowed(index);
  std::vector<Plan::Step> after;  // affine ops that move past the filter
  std::string afterNames;
  const bool commutes = traits.sumOne && traits.opaqueness == Opaqueness::keeps;
  if (commutes && opaque_ && onlyMatrices() && pending_.readsInput) {
    after = std::exchange(pending_.steps, {});
    afterNames = std::exchange(pending_.names, {});
  }
  // A filter reads planes as they are: f32 RGBA, or YUV of either element when that is what it works on.
  const bool direct =
      isStored() && (pending_.shape.format == PixelFormat::rgbaf32 || (planar && isYuv(pending_.shape.format)));
  // rgba8 in and out with nothing else to do stays rgba8: the filter rounds once, as a store would.
  const bool rgba8 = !direct && imageNodes_ == 1 && pending_.shape.format == PixelFormat::rgba8 &&
                     structure_.outputFormat == PixelFormat::rgba8;
  if (!direct && !rgba8) {
    FrameShape target = intermediate(index, inputSize);
    // With the arithmetic moved past the filter, only a flip or crop is left: the samples stay what they are.
    if (planar && pending_.steps.empty())
      target = {pending_.shape.format, inputSize.width, inputSize.height, pending_.shape.color};
    flush(target);
  }

  FrameShape output = pending_.shape;
  output.width = traits.size.width;
  output.height = traits.size.height;
  if (!rgba8) output.format = floatFormat(output.format);
  Plan::Pass pass;
  pass.inputShape = pending_.shape;
  pass.outputShape = output;
  pass.input = pending_.address;
  pass.output = frame(output);
  pass.text = node.name;
  pass.op = index;
  pass.planes.resize(1);  // an area pass; its shapes are known when its output is
  pass.opaque = opaque_;
  push(std::move(pass));
  opaque_ = isOpaqueAfter(traits, opaque_);
  startFrom(output, plan_->passes_.back().output);
  pending_.steps = std::move(after);
  pending_.names = std::move(afterNames);
}

void Planner::addResult(const Node& node, size_t index) {
  const PixelFormat format = pending_.shape.format;
  if (isStored() && isImageFormat(format)) {
    copy_ = {pending_.shape, pending_.address, opaque_};
  } else if (!copy_) {
    const Pending before = pending_;
    flush(rgba(size()));
    copy_ = {pending_.shape, pending_.address, opaque_};
    pending_ = before;
  }
  const auto bytes = static_cast<int>(node.traits.result);
  Plan::Pass pass;
  pass.inputShape = copy_->shape;
  pass.outputShape = {PixelFormat::gray8, bytes, 1};
  pass.input = copy_->address;
  pass.output = {Plan::Address::Place::results, plan_->resultBytes_};
  pass.text = node.name;
  pass.op = index;
  pass.planes.resize(1);
  pass.isResult = true;
  plan_->results_.push_back({index, plan_->resultBytes_, node.traits.result});
  plan_->resultBytes_ += Workspace::align(node.traits.result);
  push(std::move(pass));
}

void Planner::finish() {
  FrameShape output{structure_.outputFormat, size().width, size().height, structure_.outputColor};
  const bool nothingPending = isStored() && !structure_.second;  // only a fused pass has two outputs
  auto& passes = plan_->passes_;
  plan_->output_ = output;
  const auto sameRaw = [&](const FrameShape& shape) {
    return floatFormat(shape.format) == floatFormat(output.format) &&
           (!isYuv(output.format) || shape.color == output.color);
  };
  if (nothingPending && passes.empty() && pending_.shape.format == output.format && sameRaw(pending_.shape)) return;
  // A filter that is last writes the output itself: YUV planes round to 8 bits on the way, RGBA only keeps its element.
  if (nothingPending && !passes.empty() && !passes.back().fused() && !passes.back().isResult &&
      sameRaw(pending_.shape) && (isYuv(output.format) || pending_.shape.format == output.format)) {
    workspace_.forget(passes.back().output.offset);
    passes.back().outputShape = output;
    passes.back().output = {Plan::Address::Place::output, 0};
  } else {
    flush(output, true);
  }
}

bool Planner::identityView() const { return isWhole(pending_.view, pending_.shape.size()); }

/// What is pending is the frame that it starts from.
bool Planner::isStored() const { return pending_.steps.empty() && identityView() && pending_.readsInput; }

bool Planner::onlyMatrices() const {
  return std::all_of(pending_.steps.begin(), pending_.steps.end(), [](const Plan::Step& step) { return step.affine; });
}

/// Neighbouring matrices are one.
size_t Planner::stepCount() const {
  size_t count = 0;
  for (size_t i = 0; i < pending_.steps.size(); i++)
    if (!structure_.fold || i == 0 || !pending_.steps[i].affine || !pending_.steps[i - 1].affine) count++;
  return count;
}

int Planner::operandCount() const {
  return std::accumulate(pending_.steps.begin(), pending_.steps.end(), 0,
                         [](int count, const Plan::Step& step) { return count + step.operands; });
}

bool Planner::planarAllowed(size_t index) const {
  const bool before = planarBefore_[index] && isYuv(pending_.shape.format);
  return structure_.planar && isList_ && isPlanar(structure_.nodes[index].traits) && opaque_ &&
         isYuv(structure_.input.format) && structure_.input.format.layout == structure_.outputFormat.layout &&
         (before || planarAfter_[index]) && chromaAligned(pending_.view, structure_.input);
}

FrameShape Planner::intermediate(size_t index, Size size) const {
  if (!planarAllowed(index)) return rgba(size);
  const bool before = planarBefore_[index];
  const PixelFormat format = before ? structure_.input.format : structure_.outputFormat;
  return {floatFormat(format), size.width, size.height, before ? structure_.input.color : structure_.outputColor};
}

void Planner::startFrom(const FrameShape& shape, Plan::Address address) {
  pending_ = {};
  pending_.shape = shape;
  pending_.address = address;
  pending_.view = wholeView(shape.size());
  pending_.opaque = opaque_;
}

Plan::Address Planner::frame(const FrameShape& shape) {
  const size_t writer = plan_->passes_.size();
  return {Plan::Address::Place::workspace, workspace_.add(frameBytes(shape), writer), writer};
}

void Planner::push(Plan::Pass pass) {
  const auto reads = [&](const Plan::Address& address) {
    if (address.place == Plan::Address::Place::workspace) workspace_.readBy(address.offset, plan_->passes_.size());
  };
  reads(pass.input);
  for (const Plan::Operand& operand : pass.operands) reads(operand.address);
  plan_->passes_.push_back(std::move(pass));
}

void Planner::flush(FrameShape target, bool toOutput) {
  Plan::Pass pass;
  pass.inputShape = pending_.shape;
  pass.outputShape = target;
  pass.input = pending_.address;
  pass.output = toOutput ? Plan::Address{Plan::Address::Place::output, 0} : frame(target);
  pass.opaque = pending_.opaque && pending_.readsInput && opaque_;
  pass.text = pending_.names;
  pass.view = pending_.view;
  pass.readsInput = pending_.readsInput;
  pass.flattens = !opaque_ && !hasAlpha(target.format);
  pass.load = pending_.readsInput ? rgbFromRaw(pending_.shape) : ColorMatrix{};
  pass.store = rawFromRgb(target);
  pass.chroma = pending_.readsInput ? gridOf(pending_.shape, pending_.view, target) : ChromaGrid::resampled;
  pass.steps = std::move(pending_.steps);
  pass.operands = std::move(pending_.operands);
  if (toOutput) pass.second = structure_.second;
  push(std::move(pass));
  startFrom(target, plan_->passes_.back().output);
}

}  // namespace framelane
