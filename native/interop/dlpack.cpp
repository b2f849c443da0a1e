#include "interop/dlpack.hpp"

#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "devices/devices.hpp"

namespace framelane::interop {

namespace {

using namespace dlpack;

[[noreturn]] void refuse(const std::string& what, const std::string& expected, const std::string& received) {
  fail("ERR_INVALID_ARGUMENT", "DLPack: " + what + ": expected " + expected + ", received " + received);
}

/// What a deleter frees.
template <class Struct>
struct Lent {
  Struct managed{};
  std::array<int64_t, kMostDimensions> shape, strides;
  Memory memory;
  std::shared_ptr<const void> keep;
};

int64_t elementBytes(const std::string& dtype) { return std::stoi(dtype.substr(1)) / 8; }

dlpack::Device deviceOf(const Memory& memory) {
  const std::string id = memory.device->backend->info().id;
  if (memory.device->backend->kind() != DeviceKind::cuda) return {kCpu, 0};
  return {kCuda, std::stoi(id.substr(id.find(':') + 1))};
}

template <class Struct>
Struct* lendAs(const Array& array, std::shared_ptr<const void> keep) {
  auto lent = std::make_unique<Lent<Struct>>();
  lent->memory = array.memory;
  lent->keep = std::move(keep);
  lent->shape = array.shape;
  const int64_t bytes = elementBytes(array.dtype);
  bool isEmpty = false;
  for (int i = 0; i < array.rank; i++) {
    lent->strides[i] = array.strides[i] / bytes;
    isEmpty |= array.shape[i] == 0;
  }
  Tensor& tensor = lent->managed.tensor;
  tensor.device = deviceOf(array.memory);
  // At the first element, because readers exist that ignore byteOffset.
  tensor.data = isEmpty ? nullptr : array.memory.data + array.offset;
  tensor.ndim = array.rank;
  const auto code = std::string_view(kKinds).find(array.dtype[0]);
  tensor.dtype = {static_cast<uint8_t>(code), static_cast<uint8_t>(8 * bytes), 1};
  tensor.shape = lent->shape.data();
  tensor.strides = lent->strides.data();
  lent->managed.context = lent.get();
  lent->managed.deleter = [](Struct* managed) { delete static_cast<Lent<Struct>*>(managed->context); };
  return &lent.release()->managed;
}

std::string dtypeOf(const DataType& type) {
  const std::string_view kinds(kKinds);
  const bool isKnown =
      type.code < kinds.size() && (type.bits == 8 || type.bits == 16 || type.bits == 32 || type.bits == 64);
  if (isKnown && type.lanes == 1 && (kinds[type.code] != 'f' || type.bits > 8))
    return kinds[type.code] + std::to_string(type.bits);
  refuse("dtype", "integers of 8 to 64 bits or floats of 16 to 64, of 1 lane",
         "code " + std::to_string(type.code) + ", " + std::to_string(type.bits) + " bits, " +
             std::to_string(type.lanes) + " lanes");
}

/// Its shape and type; checked so that no copy overflows.
Array described(const Tensor& tensor) {
  Array array;
  array.dtype = dtypeOf(tensor.dtype);
  if (tensor.ndim < 0 || tensor.ndim > kMostDimensions) refuse("ndim", "0 to 8", std::to_string(tensor.ndim));
  array.rank = tensor.ndim;
  const int64_t bytes = elementBytes(array.dtype);
  constexpr int64_t kMost = int64_t{1} << 53;  // JavaScript's numbers
  int64_t packed = bytes;
  bool isEmpty = false;
  for (int i = array.rank - 1; i >= 0; i--) {
    const int64_t size = tensor.shape[i];
    if (size < 0 || size > kMost) refuse("shape", "sizes of 0 or more", std::to_string(size));
    const int64_t stride = tensor.strides ? tensor.strides[i] : packed / bytes;
    if (stride > kMost / bytes || stride < -kMost / bytes)
      refuse("strides", "less than 2^53 bytes", std::to_string(stride));
    int64_t reach = 0;
    if (size > 1 && (__builtin_mul_overflow(size - 1, stride * bytes, &reach) || reach > kMost || reach < -kMost))
      refuse("strides", "an array of less than 2^53 bytes", std::to_string(stride));
    array.shape[i] = size;
    array.strides[i] = stride * bytes;
    isEmpty |= size == 0;
    if (__builtin_mul_overflow(packed, size, &packed) || packed > kMost)
      refuse("shape", "an array of less than 2^53 bytes", "a larger one");
    if (isEmpty) packed = bytes;
  }
  return array;
}

Extent extentOf(const Array& array) {
  const StridedCopy shape{
      .rank = array.rank, .elementBytes = static_cast<size_t>(elementBytes(array.dtype)), .sizes = array.shape};
  return framelane::extentOf(shape, array.strides);
}

std::shared_ptr<framelane::Device> openDeviceOf(const dlpack::Device& device) {
  switch (device.type) {
    case kCpu:
    case kCudaHost: return openDevice("cpu");
    case kCuda:
    case kCudaManaged: return openDevice("cuda:" + std::to_string(device.id));
    default:
      refuse("device", "one of type 1 (CPU), 2 (CUDA), 3 (pinned) or 13 (managed)",
             "type " + std::to_string(device.type));
  }
}

/// Gives it back when the memory goes, after the work on it.
std::shared_ptr<const void> keep(DLPack source, const std::shared_ptr<framelane::Device>& device) {
  struct Held {
    DLPack source;
    std::shared_ptr<framelane::Device> device;
    ~Held() {
      try {
        device->immediate->wait();
      } catch (const Error&) {
        // The device has failed: its next call says so.
      }
    }
  };
  return std::shared_ptr<const Held>(new Held{std::move(source), device});
}

}  // namespace

DLPack& DLPack::operator=(DLPack&& other) noexcept {
  if (this == &other) return *this;
  reset();
  managed_ = other.release();
  versioned_ = other.versioned_;
  return *this;
}

void DLPack::reset() noexcept {
  const auto end = [](auto* managed) {
    if (managed->deleter) managed->deleter(managed);
  };
  void* const managed = release();
  if (!managed) return;
  if (versioned_)
    end(static_cast<ManagedVersioned*>(managed));
  else
    end(static_cast<Managed*>(managed));
}

void* DLPack::release() noexcept { return std::exchange(managed_, nullptr); }

DLPack lend(const Array& array, bool versioned, std::shared_ptr<const void> keep) {
  if (!versioned) {
    require(!array.readOnly, "ERR_INVALID_ARGUMENT",
            "DLPack: expected version 1 for read-only memory, received version 0, which cannot say that it is");
    return {lendAs<Managed>(array, std::move(keep)), false};
  }
  auto* const managed = lendAs<ManagedVersioned>(array, std::move(keep));
  managed->version = kVersion;
  managed->flags = array.readOnly ? kReadOnly : 0;
  return {managed, true};
}

Array adopt(DLPack source) {
  const auto* const versioned = source.versioned() ? static_cast<ManagedVersioned*>(source.get()) : nullptr;
  if (versioned && versioned->version.major != kVersion.major)
    refuse("version", "1.x", std::to_string(versioned->version.major) + "." + std::to_string(versioned->version.minor));
  const Tensor& tensor = versioned ? versioned->tensor : static_cast<Managed*>(source.get())->tensor;
  Array array = described(tensor);
  array.readOnly = versioned && (versioned->flags & kReadOnly);
  const auto device = openDeviceOf(tensor.device);
  const Extent extent = extentOf(array);
  const auto bytes = static_cast<size_t>(extent.high - extent.low);
  if (bytes == 0) {
    array.memory.device = device;
    return array;
  }
  if (!tensor.data) refuse("data", "the address of an array with elements", "null");
  auto* const low = static_cast<std::byte*>(tensor.data) + tensor.byteOffset + extent.low;
  if (device->backend->kind() == DeviceKind::cuda) {
    const Memory found = wrap(low, bytes);
    require(found.device == device, "ERR_DEVICE_MISMATCH",
            "DLPack: expected memory of " + device->backend->info().id +
                ", which the array names, received memory of " + found.device->backend->info().id);
  }
  array.offset = -extent.low;
  array.memory = heldBy(keep(std::move(source), device), device, low, bytes);
  return array;
}

}  // namespace framelane::interop
