#include "core/immediate.hpp"

#include <algorithm>
#include <optional>

#include "core/conversion.hpp"
#include "core/error.hpp"
#include "core/workspace.hpp"

namespace framelane {

namespace {

FrameShape withFormat(const FrameShape& shape, Element element) {
  return {rgbaOf(element), shape.width, shape.height, shape.color};
}

BoundPlan conversion(const std::shared_ptr<Device>& device, const FrameShape& shape, Element from, Element to) {
  return BoundPlan({device, withFormat(shape, from), rgbaOf(to), {}, {}});
}

/// All that may fail of an upload is done when it is made, but for what the device may yet say.
class Upload {
 public:
  Upload(const std::shared_ptr<Device>& device, const FrameShape& shape, Element element) {
    const Element own = shape.format.element;
    if (own == element) return;
    plan_.emplace(conversion(device, shape, element, own));
    staging_.emplace(device->immediate, device->memory->take(MemoryKind::device, frameBytes(plan_->input())));
  }

  void run(const WriteAccess& image, const void* samples) const {
    Stream& stream = image.stream();
    if (staging_) staging_->useOn(image.sharedStream());
    const std::scoped_lock lock(stream.mutex());
    void* const to = staging_ ? staging_->data() : image.data();
    stream.queue().upload(to, samples, plan_ ? frameBytes(plan_->input()) : image.bytes());
    if (plan_) plan_->run(stream.queue(), staging_->data(), image.data(), nullptr);
    stream.wait();
  }

 private:
  std::optional<BoundPlan> plan_;
  std::optional<OrderedBlock> staging_;
};

bool readsAsOperand(OpSpan ops, const ImageBuffer& image) {
  return std::any_of(ops.begin(), ops.end(), [&](const auto& op) { return op->operandImage().get() == &image; });
}

}  // namespace

Size outputSize(const Graph& graph, Size input) {
  const std::vector<Node> nodes = nodesOf(graph, input);
  return nodes.empty() ? input : nodes.back().traits.size;
}

CallTraits callTraits(OpSpan ops, Size source) {
  CallTraits call{.size = source};
  for (const auto& op : ops) {
    const Traits traits = op->traits(call.size);
    const bool first = &op == ops.data();
    checkImageSize(traits.size);
    call.size = traits.size;
    if (first) call.reads = !traits.generates;
    if (traits.reach == Reach::view)
      (first ? call.viewFirst : call.viewLater) = true;
    else if (traits.reach != Reach::point)
      call.pointLike = false;
    call.operands += op->operandImage() != nullptr;
  }
  return call;
}

CallTraits callTraits(const Graph& graph, Size source) {
  if (graph.wiring.empty()) return callTraits(OpSpan(graph.ops), source);
  return {.size = outputSize(graph, source),
          .reads = !graph.ops.front()->traits(source).generates,
          .pointLike = false,
          .operands = graph.ops.size()};
}

void checkOps(OpSpan ops, const CallTraits& traits, const ImageBuffer& source, const ImageBuffer& destination,
              const ImageBuffer* temp) {
  const Device& device = *source.device();
  const auto sameDevice = [&](const ImageBuffer& other, const char* what) {
    if (other.device().get() == &device) return;
    fail("ERR_DEVICE_MISMATCH", std::string(what) + ": expected an image on " + device.backend->info().id +
                                    ", received one on " + other.device()->backend->info().id);
  };
  sameDevice(destination, "dst");
  if (temp) sameDevice(*temp, "temp");
  if (temp == &source || temp == &destination)
    fail("ERR_INVALID_ARGUMENT", "temp: expected an image other than the source and the destination");
  for (const auto& op : traits.operands > 0 ? ops : OpSpan()) {
    const auto operand = op->operandImage();
    if (!operand) continue;
    requireOperandOn(device, *op, *operand);
    if (operand.get() == temp)
      fail("ERR_INVALID_ARGUMENT", std::string("temp: expected an image that ") + op->name() + " does not read");
    operand->requireKept();
  }
  if (traits.reads) source.requireKept();
  destination.requireRoom(traits.size);
}

RunMemory::RunMemory(Device& device, const std::shared_ptr<Stream>& stream, const BoundPlan& plan, bool aside,
                     ImageBuffer* temp) {
  const size_t workspaceBytes = Workspace::align(plan.workspaceBytes());
  const size_t bytes = workspaceBytes + (aside ? frameBytes(plan.output()) : 0);
  if (!bytes) return;
  if (temp && temp->capacityBytes() >= bytes) {
    data_ = static_cast<std::byte*>(temp->scratch(stream).data());
  } else if (!stream->isImmediate()) {
    data_ = stream->scratch(*device.memory, bytes);
  } else {
    borrowed_ = device.memory->take(MemoryKind::device, bytes);
    data_ = static_cast<std::byte*>(borrowed_.data());
  }
  if (aside) aside_ = data_ + workspaceBytes;
}

void runPlan(const std::shared_ptr<Stream>& stream, const BoundPlan& plan, const void* from, void* to,
             const RunMemory& memory, void* second) {
  plan.useOn(stream);
  const std::scoped_lock lock(stream->mutex());
  Queue& queue = stream->queue();
  const size_t bytes = frameBytes(plan.output());
  if (plan.passthrough()) {
    if (from != to) queue.copy(to, from, bytes);
    return;
  }
  void* const target = memory.aside_ ? memory.aside_ : to;
  plan.run(queue, from, target, memory.data_, {}, second);
  if (target != to) queue.copy(to, target, bytes);
}

namespace {

/// Native threads that read an operand, or show the destination, follow the immediate stream.
void leaveAll(const Graph& graph, const ImageBuffer& source, const ImageBuffer& destination, const Stream& stream) {
  for (const auto& op : graph.ops)
    if (const auto operand = op->operandImage()) operand->leave(stream);
  source.leave(stream);
  destination.leave(stream);
}

}  // namespace

void applyOps(const Graph& graph, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp,
              const std::shared_ptr<Stream>& stream, bool fold) {
  const CallTraits traits = callTraits(graph, source.size());
  checkOps(graph.ops, traits, source, destination, temp);
  Device& device = *source.device();
  const BoundPlan plan({.device = source.device(),
                        .input = source.shape(),
                        .outputFormat = destination.format(),
                        .outputColor = destination.shape().color,
                        .graph = graph,
                        .fold = fold});
  // A fused pass may write over its input when every pixel stays where it is; everything else needs room of its own.
  const bool ownOperand = readsAsOperand(graph.ops, destination), inPlace = &source == &destination;
  const RunMemory memory(device, stream, plan, ownOperand || (inPlace && !plan.inPlace()), temp);
  const auto run = [&](const WriteAccess& to) {
    runPlan(stream, plan, source.read(stream).data(), to.data(), memory);
    if (!stream->isImmediate()) leaveAll(graph, source, destination, *stream);
  };
  // What is recorded for the destination alone need not be run any more, unless it is read here.
  if (!ownOperand && !inPlace) return destination.overwrite(traits.size, stream, run);
  run(destination.refill(stream));
  destination.resize(traits.size);
}

std::vector<std::byte> measureImage(const std::shared_ptr<const Op>& op, const ReadAccess& image) {
  const size_t bytes = op->traits(image.size()).result;
  const PixelFormat format = image.format();
  require(bytes > 0, "ERR_INVALID_ARGUMENT", std::string(op->name()) + ": expected an operation with a result");
  require(isImageFormat(format), "ERR_UNSUPPORTED_FORMAT", std::string(op->name()) + ": expected an image of RGBA");
  Device& device = *image.device();
  const Size row{static_cast<int>(bytes), 1};
  const auto stage = device.stages.get(op, device, {image.size(), row, 4, format.element, Element::u8});
  const size_t resultBytes = Workspace::align(bytes);
  const OrderedBlock memory(device.immediate,
                            device.memory->take(MemoryKind::device, resultBytes + stage->scratchBytes()));
  memory.useOn(image.sharedStream());
  Stream& stream = image.stream();
  if (!stream.isImmediate()) stream.hold(stage);
  auto* const data = static_cast<std::byte*>(memory.data());
  std::vector<std::byte> result(bytes);
  const std::scoped_lock lock(stream.mutex());
  stage->run(stream.queue(), image.plane(), {data, row.width, row.height, row.width}, data + resultBytes);
  stream.queue().download(result.data(), data, bytes);
  stream.wait();
  return result;
}

void uploadImage(const WriteAccess& image, const void* samples, Element element) {
  Upload(image.device(), image.shape(), element).run(image, samples);
}

void uploadImage(ImageBuffer& image, const void* samples, Element element, const std::shared_ptr<Stream>& stream) {
  const Upload upload(image.device(), image.shape(), element);
  image.overwrite(image.size(), stream, [&](const WriteAccess& pixels) { upload.run(pixels, samples); });
}

Download::Download(const ReadAccess& image, Element element) : image_(image) {
  const Element own = image.format().element;
  if (own == element) return;
  plan_.emplace(conversion(image.device(), image.shape(), own, element));
  const Device& device = *image.device();
  converted_.emplace(device.immediate, device.memory->take(MemoryKind::device, frameBytes(plan_->output())));
  converted_->useOn(image.sharedStream());
}

void Download::enqueue(void* samples) const {
  Queue& queue = image_.stream().queue();
  if (plan_) plan_->run(queue, image_.data(), converted_->data(), nullptr);
  queue.download(samples, converted_ ? converted_->data() : image_.data(), bytes());
}

void downloadImage(const ReadAccess& image, void* samples, Element element) {
  const Download download(image, element);
  const std::scoped_lock lock(image.stream().mutex());
  download.enqueue(samples);
  image.stream().wait();
}

}  // namespace framelane
