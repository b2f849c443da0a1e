// Copies between memory by its handle and typed arrays.
#include <optional>

#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/interop/memory_wrap.hpp"
#include "binding/number_argument.hpp"
#include "cuda/memory.hpp"
#include "interop/copy.hpp"

namespace framelane::binding {

namespace {

using Strides = std::array<int64_t, kMostDimensions>;

/// Arguments 0..2 are the destination, 3..5 the source, each a handle or an array, an offset and its strides, all in bytes; then
/// the sizes and the bytes of an element.
constexpr size_t kTo = 0, kFrom = 3, kSizes = 6, kElement = 7;

int64_t integerAt(Napi::Array array, uint32_t index, double least) {
  const double number = numberOr(array.Get(index));
  require(isInteger(number, least, kLargestSafeInteger), "ERR_INVALID_ARGUMENT", "copy: expected integers");
  return static_cast<int64_t>(number);
}

Strides readIntegers(Napi::Value value, int rank, double least) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", "copy: expected an array of integers");
  Strides result{};
  const auto array = value.As<Napi::Array>();
  for (int i = 0; i < rank; i++) result[i] = integerAt(array, static_cast<uint32_t>(i), least);
  return result;
}

StridedCopy readShape(const Napi::CallbackInfo& info) {
  require(info[kSizes].IsArray(), "ERR_INVALID_ARGUMENT", "copy: expected an array of sizes");
  const uint32_t rank = info[kSizes].As<Napi::Array>().Length();
  require(rank <= kMostDimensions, "ERR_INVALID_ARGUMENT", "copy: expected at most 8 dimensions");
  StridedCopy shape{.rank = static_cast<int>(rank)};
  shape.elementBytes = static_cast<size_t>(numberArgument(info[kElement], "element"));
  shape.sizes = readIntegers(info[kSizes], shape.rank, 0);
  shape.to = readIntegers(info[kTo + 2], shape.rank, -kLargestSafeInteger);
  shape.from = readIntegers(info[kFrom + 2], shape.rank, -kLargestSafeInteger);
  return shape;
}

interop::Memory memoryOf(Napi::Value value) {
  if (!value.IsTypedArray()) return unwrap<MemoryWrap>(value, "a buffer or a typed array").memory();
  void* data = nullptr;  // Napi::ArrayBuffer has none of a SharedArrayBuffer
  napi_get_typedarray_info(value.Env(), value, nullptr, nullptr, &data, nullptr, nullptr);
  return {nullptr, static_cast<std::byte*>(data), value.As<Napi::TypedArray>().ByteLength(), nullptr};
}

/// What the copy touches lies inside, or it would read and write what is not there.
interop::Place readPlace(const Napi::CallbackInfo& info, size_t first, const StridedCopy& shape,
                         const Strides& strides) {
  const interop::Memory memory = memoryOf(info[first]);
  const auto offset = static_cast<int64_t>(numberArgument(info[first + 1], "offset"));
  const Extent extent = extentOf(shape, strides);
  const bool isInside = offset + extent.low >= 0 && offset + extent.high <= static_cast<int64_t>(memory.bytes);
  require(shape.count() == 0 || isInside, "ERR_INVALID_ARGUMENT",
          "copy: expected a part of " + std::to_string(memory.bytes) + " bytes, received one that ends outside");
  return {shape.count() == 0 ? nullptr : memory.data + offset, memory.device};
}

Napi::Value copyMemory(const Napi::CallbackInfo& info) {
  const StridedCopy shape = readShape(info);
  const interop::Place to = readPlace(info, kTo, shape, shape.to), from = readPlace(info, kFrom, shape, shape.from);
  interop::copy(to, from, shape);
  return info.Env().Undefined();
}

/// Waits for a copy in one of libuv's threads; keeps both sides until then.
class CopyWorker final : public Napi::AsyncWorker {
 public:
  static Napi::Value start(const Napi::CallbackInfo& info) {
    const StridedCopy shape = readShape(info);
    const interop::Place to = readPlace(info, kTo, shape, shape.to), from = readPlace(info, kFrom, shape, shape.from);
    auto* worker = new CopyWorker(info.Env());  // deletes itself
    try {
      worker->to_ = Napi::Persistent(info[kTo].As<Napi::Object>());
      // free() may be called meanwhile: these keep the memory.
      worker->target_ = memoryOf(info[kTo]);
      if (from.device) worker->source_ = memoryOf(info[kFrom]);
      worker->from_ = Napi::Persistent(info[kFrom].As<Napi::Object>());
      worker->copy_.emplace(to, from, shape);
    } catch (...) {
      delete worker;
      throw;
    }
    worker->Queue();
    return worker->deferred_.Promise();
  }

 private:
  explicit CopyWorker(Napi::Env env)
      : Napi::AsyncWorker(env, "framelane-copy"), deferred_(Napi::Promise::Deferred::New(env)) {}

  void Execute() override {
    try {
      copy_->wait();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  void OnOK() override {
    if (!error_) try {
        deliver();
      } catch (...) {
        error_ = std::current_exception();
      }
    if (error_)
      deferred_.Reject(makeError(Env(), error_).Value());
    else
      deferred_.Resolve(Env().Undefined());
  }

  void deliver() {
    if (!copy_->delivers()) return;
    const interop::Memory now = memoryOf(to_.Value());
    require(now.data == target_.data && now.bytes == target_.bytes, "ERR_INVALID_ARGUMENT",
            "copy: expected the array as it was at the call, its ArrayBuffer has been transferred or resized");
    copy_->deliver();
  }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference to_, from_;
  interop::Memory target_, source_;
  std::optional<interop::PendingCopy> copy_;
  std::exception_ptr error_;
};

/// (device): the handle of the stream that our work on it is enqueued on.
Napi::Value immediateStream(const Napi::CallbackInfo& info) {
  const auto device = openDevice(info[0].ToString());
  return Napi::BigInt::New(info.Env(), cuda::streamHandle(device->immediate->queue()));
}

/// (device, handle): our work from now on runs after what is on that stream now.
Napi::Value awaitStream(const Napi::CallbackInfo& info) {
  const auto device = openDevice(info[0].ToString());
  require(device->backend->kind() == DeviceKind::cuda, "ERR_UNSUPPORTED_OP", "stream: the CPU has none");
  require(info[1].IsBigInt(), "ERR_INVALID_ARGUMENT", "stream: expected a bigint");
  bool lossless = false;
  const uint64_t stream = info[1].As<Napi::BigInt>().Uint64Value(&lossless);
  require(lossless && stream != 0, "ERR_INVALID_ARGUMENT", "stream: expected 1, 2 or a handle");
  const std::scoped_lock lock(device->immediate->mutex());
  cuda::waitForStream(device->immediate->queue(), stream);
  return info.Env().Undefined();
}

/// (owner, memory, offset, 1 for bytes or 0 for floats, width, height): the number of an image over the memory.
Napi::Value makeImageOver(const Napi::CallbackInfo& info) {
  const auto& memory = unwrap<MemoryWrap>(info[1], "memory").memory();
  const auto offset = static_cast<size_t>(numberArgument(info[2], "offset"));
  const FrameShape shape{numberOr(info[3]) == 1 ? PixelFormat::rgba8 : PixelFormat::rgbaf32,
                         integerArgument(info[4], "width"), integerArgument(info[5], "height")};
  ImageTable& images = *Environment::of(info.Env()).images;
  auto held = std::make_unique<HeldImage>(info.Env(), info[0], images, interop::imageOver(memory, offset, shape));
  return Napi::Number::New(info.Env(), images.add(std::move(held)));
}

}  // namespace

void exportInterop(Napi::Env env, Napi::Object exports) {
  exports["MemoryHandle"] = MemoryWrap::define(env);
  exportFunction<copyMemory>(env, exports, "copyMemory");
  exportFunction<CopyWorker::start>(env, exports, "copyMemoryAsync");
  exportFunction<immediateStream>(env, exports, "immediateStream");
  exportFunction<awaitStream>(env, exports, "awaitStream");
  exportFunction<makeImageOver>(env, exports, "makeImageOver");
}

}  // namespace framelane::binding
