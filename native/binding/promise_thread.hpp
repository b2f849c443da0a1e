#pragma once
// A native thread that runs tasks in order and settles a promise for each. Tasks may wait for FFmpeg as long as it takes:
// they occupy neither the event loop nor libuv's pool, which four waiting readers would fill.
#include <napi.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace framelane::binding {

class PromiseThread {
 public:
  /// Makes the value of the promise, in JavaScript's thread.
  using Result = std::function<Napi::Value(Napi::Env)>;
  /// Runs in the native thread; must not touch JavaScript.
  using Task = std::function<Result()>;

  /// `cancel` makes a running task return soon. It is called from stop(), in JavaScript's thread.
  PromiseThread(Napi::Env env, const char* name, std::function<void()> cancel);
  ~PromiseThread();
  PromiseThread(const PromiseThread&) = delete;
  PromiseThread& operator=(const PromiseThread&) = delete;

  /// The process stays alive and `owner` is not collected until the promise is settled.
  Napi::Value run(Napi::Env env, Napi::Object owner, Task task);
  /// As run(), but the thread ends after this task, and later calls of run() reject.
  Napi::Value end(Napi::Env env, Napi::Object owner, Task task);
  /// Cancels, waits for the thread, settles nothing more. Also called when the environment ends. Idempotent.
  void stop() noexcept;

 private:
  struct Job {
    Task task;
    Napi::Promise::Deferred deferred;
    Napi::ObjectReference owner;
    Result result;
    std::exception_ptr error;
  };
  static void settle(Napi::Env env, Napi::Function, PromiseThread* self, Job* job);
  using Notifier = Napi::TypedThreadSafeFunction<PromiseThread, Job, &PromiseThread::settle>;

  Napi::Value enqueue(Napi::Env env, Napi::Object owner, Task task, bool last);
  void work();
  static void onEnvironmentEnd(void* self);

  napi_env env_;
  std::function<void()> cancel_;
  Notifier notifier_;
  std::list<std::unique_ptr<Job>> jobs_;  // JavaScript's thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job*> waiting_;
  bool ending_ = false;  // no more tasks are taken
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace framelane::binding
