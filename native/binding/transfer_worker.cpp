#include "binding/transfer_worker.hpp"

#include <exception>
#include <functional>
#include <utility>

#include "binding/interop/on_stream.hpp"
#include "binding/js_error.hpp"
#include "binding/samples.hpp"
#include "core/transfer.hpp"

namespace framelane::binding {

namespace {

/// Moves samples in one of libuv's threads. Holds the image's pixels and the array until the promise is settled.
class TransferWorker final : public Napi::AsyncWorker {
 public:
  static Napi::Value start(Napi::Env env, Napi::Value array, std::function<void()> transfer) {
    auto* worker = new TransferWorker(env, std::move(transfer));  // deletes itself
    worker->array_ = Napi::Persistent(array.As<Napi::Object>());
    worker->Queue();
    return worker->deferred_.Promise();
  }

 private:
  TransferWorker(Napi::Env env, std::function<void()> transfer)
      : Napi::AsyncWorker(env, "framelane-transfer"),
        transfer_(std::move(transfer)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  void Execute() override {
    try {
      transfer_();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  void OnOK() override {
    if (error_)
      deferred_.Reject(makeError(Env(), error_).Value());
    else
      deferred_.Resolve(array_.Value());
  }

  std::function<void()> transfer_;
  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference array_;
  std::exception_ptr error_;
};

}  // namespace

Napi::Value uploadInThread(Napi::Env env, ImageBuffer& image, Napi::Value array, Napi::Value stream) {
  const Samples from = asyncSamplesArgument(array, image);
  // refill() runs the recorded calls instead of dropping them, because the transfer may still run out of memory.
  return TransferWorker::start(env, array, [pixels = image.refill(streamArgument(*image.device(), stream)), from] {
    uploadStaged(pixels, from.data, from.element);
  });
}

Napi::Value downloadInThread(Napi::Env env, const ImageBuffer& image, Napi::Value array, Napi::Value stream) {
  const Samples into = asyncSamplesArgument(array, image);
  return TransferWorker::start(
      env, array, [snapshot = image.snapshot(into.data, into.element, streamArgument(*image.device(), stream))] {
        snapshot->wait();
      });
}

}  // namespace framelane::binding
