#include "core/planner.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/image.hpp"

namespace framelane {

namespace {

constexpr size_t kAlignment = 256;

size_t align(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

View wholeView(Size size) { return {0, 0, size.width, size.height, false, false}; }

bool hasAlpha(PixelFormat format) { return format.info().alpha; }
bool isYuv(PixelFormat format) { return format.info().yuv; }
bool isSubsampled(PixelFormat format) { return format.info().subsampleX + format.info().subsampleY > 0; }

/// Whether the view's chroma samples are those of the input; otherwise it takes new ones from between them.
/// Samples on the first of their pixels lie on the last ones in a mirror.
bool chromaAligned(const View& view, const FrameShape& shape) {
  const LayoutInfo info = shape.format.info();
  const ChromaLocation location = shape.color.chromaLocation;
  const auto aligned = [](int start, int length, bool flip, int shift, bool cosited) {
    return shift == 0 || ((start + (flip ? length : 0)) % (1 << shift) == 0 && !(flip && cosited));
  };
  return aligned(view.x, view.width, view.flipX, info.subsampleX, location != ChromaLocation::center) &&
         aligned(view.y, view.height, view.flipY, info.subsampleY, location == ChromaLocation::topLeft);
}

/// For samples whose chroma is neutral. Red, green and blue then come out of the same numbers, and are rounded alike.
ColorMatrix withoutChroma(ColorMatrix matrix, int bits) {
  const double neutral = 1 << (bits - 1);
  for (auto& [luma, u, v, offset] : matrix.m) {
    offset = static_cast<float>(offset + neutral * (u + v));
    u = v = 0;
  }
  return matrix;
}

/// Raw samples to RGBA 0..1, and back.
ColorMatrix rgbFromRaw(const FrameShape& shape) {
  const PixelFormat format = shape.format;
  const double unit = 1.0 / format.maxCode();
  if (!isYuv(format)) return format.isInteger() ? ColorMatrix::scaleAndOffset(unit, 0, unit) : ColorMatrix{};
  ColorMatrix matrix = rgbFromYuv(shape.color, format.bits);
  if (hasAlpha(format)) matrix.alpha = unit;
  return format.layout == Layout::gray ? withoutChroma(matrix, format.bits) : matrix;
}

ColorMatrix rawFromRgb(const FrameShape& shape) {
  const PixelFormat format = shape.format;
  const double codes = format.maxCode();
  if (!isYuv(format)) return format.isInteger() ? ColorMatrix::scaleAndOffset(codes, 0, codes) : ColorMatrix{};
  ColorMatrix matrix = yuvFromRgb(shape.color, format.bits);
  if (hasAlpha(format)) matrix.alpha = codes;
  return matrix;
}

/// Whether both frames have the same chroma samples, so that what nothing changes can come out as it went in.
ChromaGrid gridOf(const FrameShape& input, const View& view, const FrameShape& output) {
  if (!isSubsampled(input.format) && !isSubsampled(output.format)) return ChromaGrid::kept;
  const LayoutInfo in = input.format.info(), out = output.format.info();
  const bool same = in.subsampleX == out.subsampleX && in.subsampleY == out.subsampleY &&
                    input.color.chromaLocation == output.color.chromaLocation && chromaAligned(view, input);
  return same ? ChromaGrid::kept : ChromaGrid::resampled;
}

}  // namespace

bool insideInput(const View& view, Size input) {
  return view.x >= 0 && view.y >= 0 && view.width <= input.width - view.x && view.height <= input.height - view.y;
}

View composeViews(const View& inner, const View& outer) {
  const auto along = [](int start, int length, bool flip, int outerStart, int outerLength) {
    return start + (flip ? length - outerStart - outerLength : outerStart);
  };
  return {along(inner.x, inner.width, inner.flipX, outer.x, outer.width),
          along(inner.y, inner.height, inner.flipY, outer.y, outer.height),
          outer.width,
          outer.height,
          inner.flipX != outer.flipX,
          inner.flipY != outer.flipY};
}

Planner::Planner(const Plan::Request& request) : request_(request), plan_(std::make_shared<Plan>()) {
  plan_->input_ = request.input;
  opaque_ = request.opaque || !hasAlpha(request.input.format);
  startFrom(request.input, {});

  // An op can be done on YUV planes when it keeps the frame opaque and is linear; what is tracked is whole prefixes and
  // suffixes of such ops, because in between RGB is needed anyway.
  const size_t count = request.ops.size();
  std::vector<bool> planar(count);
  Size size = request.input.size();
  for (size_t i = 0; i < count; i++) {
    const Op& op = *request.ops[i];
    const bool linear = op.kind() == OpKind::affine || op.kind() == OpKind::view || op.kind() == OpKind::area;
    planar[i] = linear && op.opaque(true, size);
    size = op.outputSize(size);
    checkImageSize(size);
  }
  planarBefore_.assign(count, true);
  planarAfter_.assign(count, true);
  for (size_t i = 1; i < count; i++) planarBefore_[i] = planarBefore_[i - 1] && planar[i - 1];
  for (size_t i = count; i-- > 1;) planarAfter_[i - 1] = planarAfter_[i] && planar[i];
}

std::shared_ptr<const Plan> Planner::plan() {
  for (size_t i = 0; i < request_.ops.size(); i++) add(*request_.ops[i], i);
  finish();
  plan_->opaque_ = opaque_;
  plan_->ops_ = request_.ops;
  for (Plan::Pass& pass : plan_->passes_)
    if (pass.area) prepare(pass);
  const size_t scratch = align(slotBytes_[0]) + align(slotBytes_[1]);
  for (Plan::Pass& pass : plan_->passes_) {
    pass.scratchOffset = scratch;
    const auto place = [&](Plan::Address& address) {  // slot number to offset
      if (address.place == Plan::Address::Place::workspace && address.offset == 1) address.offset = align(slotBytes_[0]);
    };
    place(pass.input);
    place(pass.output);
  }
  plan_->workspaceBytes_ = scratch + scratchBytes_;
  return plan_;
}

void Planner::add(const Op& op, size_t index) {
  switch (op.kind()) {
    case OpKind::affine:
      addMatrix(op.matrix());
      opaque_ = op.opaque(opaque_, size());
      pending_.opaque = pending_.opaque && opaque_;
      break;
    case OpKind::point:
    case OpKind::source:
    case OpKind::table: {
      if (op.generates()) {
        pending_.items.clear();
        pending_.readsInput = false;
      }
      Item item;
      item.step = op.step(size());
      item.positional = op.positional();
      item.op = op.kind() == OpKind::point ? nullptr : &op;
      if (item.op)
        require(op.sourceImage()->device() == request_.device, "ERR_DEVICE_MISMATCH",
                std::string(op.name()) + ": the source image is on " + op.sourceImage()->device()->backend->info().id +
                    ", the frame on " + request_.device->backend->info().id);
      addStep(std::move(item));
      opaque_ = op.opaque(opaque_, size());
      pending_.opaque = pending_.opaque && opaque_ && !op.generates();
      break;
    }
    case OpKind::view: addView(op, index); break;
    case OpKind::area: addArea(op, index); return;  // names itself
  }
  pending_.names += (pending_.names.empty() ? "" : ", ") + std::string(op.name());
}

void Planner::addMatrix(const ColorMatrix& matrix) {
  if (request_.fold && !pending_.items.empty() && pending_.items.back().isMatrix) {
    ColorMatrix& last = pending_.items.back().matrix;
    last = compose(matrix, last);
    if (last.isIdentity()) pending_.items.pop_back();
    return;
  }
  if (request_.fold && matrix.isIdentity()) return;
  Item item;
  item.isMatrix = true;
  item.matrix = matrix;
  addStep(std::move(item));
}

void Planner::addStep(Item item) {
  const auto sources = std::count_if(pending_.items.begin(), pending_.items.end(), [](const Item& i) { return i.op; });
  // One step is kept free for the store's premultiply.
  if (pending_.items.size() + 1 >= kMaxSteps || (item.op && sources >= kMaxSources))
    flush({PixelFormat::rgbaf32, size().width, size().height, {}}, false);
  pending_.items.push_back(std::move(item));
}

void Planner::addView(const Op& op, size_t index) {
  const View view = op.view(size());
  const bool positional =
      !pending_.readsInput || std::any_of(pending_.items.begin(), pending_.items.end(), [](const Item& i) { return i.positional; });
  const bool reveals = !insideInput(view, size());  // what lies outside must stay transparent black
  // What follows a frame with revealed parts is not opaque and needs RGB: chroma had better be interpolated before the cut.
  if (reveals && (positional || !pending_.items.empty() || !identityView()))
    flush({PixelFormat::rgbaf32, size().width, size().height, {}}, false);
  else if (positional)
    flush(intermediate(index, size()), false);
  pending_.view = composeViews(pending_.view, view);
  opaque_ = opaque_ && !reveals;
  pending_.opaque = pending_.opaque && opaque_;
}

void Planner::addArea(const Op& op, size_t index) {
  const Size inputSize = size();
  const Size outputSize = op.outputSize(inputSize);
  const bool planar = planarAllowed(index);
  std::vector<Item> after;  // affine ops that move past the filter
  std::string afterNames;
  const bool commute = opaque_ && onlyMatrices() && pending_.readsInput;
  if (commute) {
    after = std::exchange(pending_.items, {});
    afterNames = std::exchange(pending_.names, {});
  }
  // A filter reads planes as they are: f32 RGBA, or YUV of either element when that is what it works on.
  const bool direct = pending_.items.empty() && pending_.readsInput && identityView() &&
                      (planar ? isYuv(pending_.shape.format) : pending_.shape.format == PixelFormat::rgbaf32);
  // rgba8 in and out with nothing else to do stays rgba8: the filter rounds once, as a store would.
  const bool rgba8 = !direct && request_.ops.size() == 1 && pending_.shape.format == PixelFormat::rgba8 &&
                     request_.outputFormat == PixelFormat::rgba8;
  if (!direct && !rgba8) {
    FrameShape target = intermediate(index, inputSize);
    // With the arithmetic moved past the filter, only a flip or crop is left: the samples stay what they are.
    if (planar && pending_.items.empty()) target = {pending_.shape.format, inputSize.width, inputSize.height, pending_.shape.color};
    flush(target, false);
  }

  FrameShape output = pending_.shape;
  output.width = outputSize.width;
  output.height = outputSize.height;
  if (!rgba8) output.format = floatFormat(output.format);
  Plan::Pass pass;
  pass.inputShape = pending_.shape;
  pass.outputShape = output;
  pass.input = pending_.address;
  pass.output = workspace(output);
  pass.text = op.name();
  pass.area = &op;
  pass.opaque = opaque_;
  plan_->passes_.push_back(std::move(pass));
  startFrom(output, plan_->passes_.back().output);
  pending_.items = std::move(after);
  pending_.names = std::move(afterNames);
}

void Planner::prepare(Plan::Pass& pass) {
  const PixelFormat input = pass.inputShape.format;
  const LayoutInfo info = input.info();
  for (int i = 0; i < info.planes; i++) {
    AreaShape shape{planeSize(pass.inputShape, i), planeSize(pass.outputShape, i), info.channels, input.element,
                    pass.outputShape.format.element};
    if (i == 1 || i == 2) {
      const ChromaLocation location = pass.inputShape.color.chromaLocation;
      shape.scaleX = 1.0 / (1 << info.subsampleX);
      shape.scaleY = 1.0 / (1 << info.subsampleY);
      // A sample on the first of its two pixels lies a quarter of a sample before their middle.
      if (info.subsampleX > 0 && location != ChromaLocation::center) shape.shiftX = -0.25;
      if (info.subsampleY > 0 && location == ChromaLocation::topLeft) shape.shiftY = -0.25;
    }
    shape.straightAlpha = info.channels == 4 && !pass.opaque;
    pass.stages.push_back(pass.area->prepare(*request_.device->backend, shape));
    scratchBytes_ = std::max(scratchBytes_, pass.stages.back()->scratchBytes());
  }
}

void Planner::finish() {
  FrameShape output{request_.outputFormat, size().width, size().height, request_.outputColor};
  const bool nothingPending = pending_.items.empty() && identityView() && pending_.readsInput;
  auto& passes = plan_->passes_;
  plan_->output_ = output;
  const auto sameRaw = [&](const FrameShape& shape) {
    return floatFormat(shape.format) == floatFormat(output.format) && (!isYuv(output.format) || shape.color == output.color);
  };
  if (nothingPending && passes.empty() && pending_.shape.format == output.format && sameRaw(pending_.shape)) return;
  // A filter that is last writes the output itself: YUV planes round to 8 bits on the way, RGBA only keeps its element.
  if (nothingPending && !passes.empty() && passes.back().area && sameRaw(pending_.shape) &&
      (isYuv(output.format) || pending_.shape.format == output.format)) {
    passes.back().outputShape = output;
    passes.back().output = {Plan::Address::Place::output, 0};
  } else {
    flush(output, true);
  }
}

bool Planner::identityView() const {
  const View& view = pending_.view;
  return view.x == 0 && view.y == 0 && !view.flipX && !view.flipY && size() == pending_.shape.size();
}

bool Planner::onlyMatrices() const {
  return std::all_of(pending_.items.begin(), pending_.items.end(), [](const Item& item) { return item.isMatrix; });
}

bool Planner::planarAllowed(size_t index) const {
  const bool before = planarBefore_[index] && isYuv(pending_.shape.format);
  return request_.planar && opaque_ && isYuv(request_.input.format) &&
         request_.input.format.layout == request_.outputFormat.layout && (before || planarAfter_[index]) &&
         chromaAligned(pending_.view, request_.input);
}

FrameShape Planner::intermediate(size_t index, Size size) const {
  if (!planarAllowed(index)) return {PixelFormat::rgbaf32, size.width, size.height, {}};
  const bool before = planarBefore_[index];
  const PixelFormat format = before ? request_.input.format : request_.outputFormat;
  return {floatFormat(format), size.width, size.height, before ? request_.input.color : request_.outputColor};
}

void Planner::startFrom(const FrameShape& shape, Plan::Address address) {
  pending_ = {};
  pending_.shape = shape;
  pending_.address = address;
  pending_.view = wholeView(shape.size());
  pending_.opaque = opaque_;
}

Plan::Address Planner::workspace(const FrameShape& shape) {
  // Each frame is read by the next pass only, so two slots take turns. The offset is the slot until plan() knows sizes.
  const int slot = std::exchange(slot_, 1 - slot_);
  slotBytes_[slot] = std::max(slotBytes_[slot], frameBytes(shape));
  return {Plan::Address::Place::workspace, static_cast<size_t>(slot)};
}

void Planner::flush(FrameShape target, bool toOutput) {
  Plan::Pass pass;
  pass.inputShape = pending_.shape;
  pass.outputShape = target;
  pass.input = pending_.address;
  pass.output = toOutput ? Plan::Address{Plan::Address::Place::output, 0} : workspace(target);
  pass.program = std::make_shared<const PointProgram>(program(target));
  pass.text = pending_.names;
  plan_->passes_.push_back(std::move(pass));
  startFrom(target, plan_->passes_.back().output);
}

PointProgram Planner::program(const FrameShape& target) const {
  std::vector<Item> items = pending_.items;
  const bool flatten = !opaque_ && !hasAlpha(target.format);
  if (flatten) {
    Item item;
    item.step = premultiplyStep();
    items.push_back(item);
  }
  ColorMatrix load = pending_.readsInput ? rgbFromRaw(pending_.shape) : ColorMatrix{};
  ColorMatrix store = rawFromRgb(target);
  auto first = items.begin();
  auto last = items.end();
  if (request_.fold && pending_.readsInput && first != last && first->isMatrix) load = compose((first++)->matrix, load);
  if (request_.fold && first != last && std::prev(last)->isMatrix) store = compose(store, (--last)->matrix);
  const bool opaque = pending_.opaque && pending_.readsInput && opaque_;
  // An opaque pass takes alpha for 1 after the load, so a store that has alpha must scale it itself; and what a view reveals
  // is black after the load, not code values of 0.
  const bool reveals = !insideInput(pending_.view, pending_.shape.size());
  const bool oneMatrix = request_.fold && first == last && pending_.readsInput && !(opaque && hasAlpha(target.format)) &&
                         !(reveals && isYuv(target.format));
  if (oneMatrix) load = compose(std::exchange(store, {}), load);

  PointProgram program{};
  program.input = frameAt(nullptr, pending_.shape);
  program.output = frameAt(nullptr, target);
  program.view = pending_.view;
  program.load = pack(load);
  program.store = pack(store);
  program.loadIsIdentity = load.isIdentity();
  program.storeIsIdentity = store.isIdentity();
  program.readsInput = pending_.readsInput;
  program.opaque = opaque;
  program.chroma = pending_.readsInput ? gridOf(pending_.shape, pending_.view, target) : ChromaGrid::resampled;
  int sources = 0;
  for (auto item = first; item != last; ++item) {
    PointStep& step = program.steps[program.stepCount++];
    step = item->isMatrix ? matrixStep(item->matrix) : item->step;
    if (item->op) {
      step.source = sources;
      program.sources[sources++] = item->op->source(size());
    }
  }
  return program;
}

}  // namespace framelane
