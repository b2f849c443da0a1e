#include "core/immediate.hpp"

#include <algorithm>
#include <optional>

#include "core/error.hpp"
#include "core/workspace.hpp"

namespace framelane {

namespace {

FrameShape withFormat(const FrameShape& shape, Element element) {
  return {rgbaOf(element), shape.width, shape.height, shape.color};
}

BoundPlan conversion(const ReadAccess& image, Element from, Element to) {
  return BoundPlan({image.device(), withFormat(image.shape(), from), rgbaOf(to), {}, {}});
}

bool readsAsOperand(OpSpan ops, const ImageBuffer& image) {
  return std::any_of(ops.begin(), ops.end(), [&](const auto& op) { return op->operandImage().get() == &image; });
}

}  // namespace

Size outputSize(const Graph& graph, Size input) {
  const std::vector<Node> nodes = nodesOf(graph, input);
  return nodes.empty() ? input : nodes.back().traits.size;
}

void checkOps(OpSpan ops, Size size, const ImageBuffer& source, const ImageBuffer& destination, const ImageBuffer* temp) {
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
  for (const auto& op : ops) {
    const auto operand = op->operandImage();
    if (!operand) continue;
    if (operand->device().get() != &device)
      fail("ERR_DEVICE_MISMATCH", std::string(op->name()) + ": the source image is on " +
                                      operand->device()->backend->info().id + ", the frame on " + device.backend->info().id);
    if (operand.get() == temp)
      fail("ERR_INVALID_ARGUMENT", std::string("temp: expected an image that ") + op->name() + " does not read");
    operand->requireKept();
  }
  if (ops.empty() || !ops.front()->traits(source.size()).generates) source.requireKept();
  destination.requireRoom(size);
}

RunMemory::RunMemory(Device& device, const BoundPlan& plan, bool aside, ImageBuffer* temp) {
  const size_t workspaceBytes = (plan.workspaceBytes() + 255) / 256 * 256;
  const size_t bytes = workspaceBytes + (aside ? frameBytes(plan.output()) : 0);
  if (!bytes) return;
  if (temp && temp->capacityBytes() >= bytes) {
    data_ = static_cast<std::byte*>(temp->scratch().data());
  } else {
    borrowed_ = device.memory->take(MemoryKind::device, bytes);
    data_ = static_cast<std::byte*>(borrowed_.data());
  }
  if (aside) aside_ = data_ + workspaceBytes;
}

void runPlan(Device& device, const BoundPlan& plan, const void* from, void* to, const RunMemory& memory) {
  const std::scoped_lock lock(device.immediateMutex);
  const size_t bytes = frameBytes(plan.output());
  if (plan.passthrough()) {
    if (from != to) device.immediate->copy(to, from, bytes);
    return;
  }
  void* const target = memory.aside_ ? memory.aside_ : to;
  plan.run(*device.immediate, from, target, memory.data_);
  if (target != to) device.immediate->copy(to, target, bytes);
}

void applyOps(const Graph& graph, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp, bool fold) {
  const Size size = outputSize(graph, source.size());
  checkOps(graph.ops, size, source, destination, temp);
  Device& device = *source.device();
  const BoundPlan plan({.device = source.device(),
                        .input = source.shape(),
                        .outputFormat = destination.format(),
                        .outputColor = destination.shape().color,
                        .graph = graph,
                        .fold = fold});
  // A fused pass may write over its input when every pixel stays where it is; everything else needs room of its own.
  const bool ownOperand = readsAsOperand(graph.ops, destination), inPlace = &source == &destination;
  const RunMemory memory(device, plan, ownOperand || (inPlace && !plan.inPlace()), temp);
  // What is recorded for the destination alone need not be run any more, unless it is read here.
  const WriteAccess to = ownOperand || inPlace ? destination.refill() : destination.overwrite(size);
  runPlan(device, plan, source.read().data(), to.data(), memory);
  destination.resize(size);
}

std::vector<std::byte> measureImage(const std::shared_ptr<const Op>& op, const ReadAccess& image) {
  const size_t bytes = op->traits(image.size()).result;
  const PixelFormat format = image.format();
  require(bytes > 0, "ERR_INVALID_ARGUMENT", std::string(op->name()) + ": expected an operation with a result");
  require(format == PixelFormat::rgba8 || format == PixelFormat::rgbaf32, "ERR_UNSUPPORTED_FORMAT",
          std::string(op->name()) + ": expected an image of RGBA");
  Device& device = *image.device();
  const Size row{static_cast<int>(bytes), 1};
  const auto stage = device.stages.get(op, device, {image.size(), row, 4, format.element, Element::u8});
  const size_t resultBytes = Workspace::align(bytes);
  const Block memory = device.memory->take(MemoryKind::device, resultBytes + stage->scratchBytes());
  auto* const data = static_cast<std::byte*>(memory.data());
  std::vector<std::byte> result(bytes);
  const std::scoped_lock lock(device.immediateMutex);
  stage->run(*device.immediate, image.plane(), {data, row.width, row.height, row.width}, data + resultBytes);
  device.immediate->download(result.data(), data, bytes);
  device.immediate->wait();
  return result;
}

void uploadImage(const WriteAccess& image, const void* samples, Element element) {
  Device& device = *image.device();
  if (image.format().element == element) {
    const std::scoped_lock lock(device.immediateMutex);
    device.immediate->upload(image.data(), samples, image.bytes());
    device.immediate->wait();
    return;
  }
  const BoundPlan plan = conversion(image, element, image.format().element);
  const Block staging = device.memory->take(MemoryKind::device, frameBytes(plan.input()));
  const std::scoped_lock lock(device.immediateMutex);
  device.immediate->upload(staging.data(), samples, frameBytes(plan.input()));
  plan.run(*device.immediate, staging.data(), image.data(), nullptr);
  device.immediate->wait();
}

void downloadImage(const ReadAccess& image, void* samples, Element element) {
  Device& device = *image.device();
  const Element own = image.format().element;
  const std::optional<BoundPlan> plan = own == element ? std::nullopt : std::optional(conversion(image, own, element));
  const Block staging = plan ? device.memory->take(MemoryKind::device, frameBytes(plan->output())) : Block{};
  const std::scoped_lock lock(device.immediateMutex);
  if (plan) plan->run(*device.immediate, image.data(), staging.data(), nullptr);
  device.immediate->download(samples, plan ? staging.data() : image.data(), plan ? frameBytes(plan->output()) : image.bytes());
  device.immediate->wait();
}

}  // namespace framelane
