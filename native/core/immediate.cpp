#include "core/immediate.hpp"

#include <algorithm>
#include <optional>

#include "core/error.hpp"
#include "core/bound_plan.hpp"

namespace framelane {

namespace {

FrameShape withFormat(const FrameShape& shape, Element element) {
  return {rgbaOf(element), shape.width, shape.height, shape.color};
}

BoundPlan conversion(const ImageBuffer& image, Element from, Element to) {
  return BoundPlan({image.device(), withFormat(image.shape(), from), rgbaOf(to), {}, {}});
}

}  // namespace

Size outputSize(const Ops& ops, Size input) {
  const std::vector<Node> nodes = nodesOf(ops, input);
  return nodes.empty() ? input : nodes.back().traits.size;
}

void applyOps(const Ops& ops, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp) {
  Device& device = *source.device();
  const auto sameDevice = [&](const ImageBuffer& other, const char* what) {
    require(other.device().get() == &device, "ERR_DEVICE_MISMATCH",
            std::string(what) + ": expected an image on " + device.backend->info().id + ", received one on " +
                other.device()->backend->info().id);
  };
  sameDevice(destination, "dst");
  if (temp) sameDevice(*temp, "temp");
  require(temp != &source && temp != &destination, "ERR_INVALID_ARGUMENT",
          "temp: expected an image other than the source and the destination");

  const BoundPlan plan({source.device(), source.shape(), destination.format(), destination.shape().color, ops});
  const FrameShape output = plan.output();
  // A fused pass may write over its input when every pixel stays where it is; everything else needs room of its own.
  const bool blendsItself = std::any_of(ops.begin(), ops.end(), [&](const auto& op) { return op->operandImage().get() == &destination; });
  const bool aside = (&source == &destination && !plan.inPlace()) || blendsItself;
  if (&source != &destination) destination.resize(output.size());

  const size_t workspaceBytes = (plan.workspaceBytes() + 255) / 256 * 256;
  const size_t bytes = workspaceBytes + (aside ? frameBytes(output) : 0);
  Block borrowed;
  std::byte* workspace = nullptr;
  if (bytes && temp && temp->capacityBytes() >= bytes) {
    workspace = static_cast<std::byte*>(temp->data());
  } else if (bytes) {
    borrowed = device.memory->take(MemoryKind::device, bytes);
    workspace = static_cast<std::byte*>(borrowed.data());
  }

  const std::scoped_lock lock(device.immediateMutex);
  if (plan.passthrough()) {
    if (&source != &destination) device.immediate->copy(destination.data(), source.data(), source.bytes());
    return;
  }
  void* target = aside ? workspace + workspaceBytes : destination.data();
  plan.run(*device.immediate, source.data(), target, workspace);
  if (aside) {
    destination.resize(output.size());
    device.immediate->copy(destination.data(), target, frameBytes(output));
  }
}

void copyImage(ImageBuffer& source, ImageBuffer& destination) {
  if (&source != &destination) applyOps({}, source, destination, nullptr);
}

void uploadImage(ImageBuffer& image, const void* samples, Element element) {
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

void downloadImage(ImageBuffer& image, void* samples, Element element) {
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
