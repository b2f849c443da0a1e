#include "binding/interop/js_hold.hpp"

#include <mutex>

namespace framelane::binding {

namespace {

/// Node has no reference that other threads may delete, but its queues to a function can be released by any.
struct Queue {
  std::mutex mutex;
  napi_threadsafe_function handle = nullptr;
  bool isOver = false;  // with its environment, at the latest
};

struct Hold {
  std::shared_ptr<Queue> queue;
  ~Hold() {
    const std::scoped_lock lock(queue->mutex);
    if (!queue->isOver) napi_release_threadsafe_function(queue->handle, napi_tsfn_release);
  }
};

void end(napi_env, void* data, void*) {
  const std::unique_ptr<std::shared_ptr<Queue>> queue(static_cast<std::shared_ptr<Queue>*>(data));
  const std::scoped_lock lock((*queue)->mutex);
  (*queue)->isOver = true;
}

}  // namespace

std::shared_ptr<const void> hold(Napi::Env env, Napi::Function function) {
  auto queue = std::make_shared<Queue>();
  auto held = std::make_unique<std::shared_ptr<Queue>>(queue);
  const auto name = Napi::String::New(env, "framelane-hold");
  const auto never = [](napi_env, napi_value, void*, void*) {};
  const napi_status status = napi_create_threadsafe_function(env, function, nullptr, name, 0, 1, held.get(), end,
                                                             nullptr, never, &queue->handle);
  NAPI_THROW_IF_FAILED(env, status, nullptr);
  held.release();
  napi_unref_threadsafe_function(env, queue->handle);  // it keeps no process running
  return std::shared_ptr<const Hold>(new Hold{std::move(queue)});
}

}  // namespace framelane::binding
