#include "binding/promise_thread.hpp"

#include <algorithm>
#include <utility>

#include "binding/environment.hpp"

namespace framelane::binding {

PromiseThread::PromiseThread(Napi::Env env, const char* name, std::function<void()> cancel)
    : env_(env), cancel_(std::move(cancel)), notifier_(Notifier::New(env, name, 0, 1, this)) {
  notifier_.Unref(env);  // only a pending promise keeps the process alive
  // After the notifier's own hook was registered, so before it is run: the thread never sees a dead notifier.
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
  thread_ = std::thread([this] { work(); });
}

PromiseThread::~PromiseThread() { stop(); }

void PromiseThread::onEnvironmentEnd(void* self) { static_cast<PromiseThread*>(self)->stop(); }

Napi::Value PromiseThread::run(Napi::Env env, Napi::Object owner, Task task) {
  return enqueue(env, owner, std::move(task), false);
}

Napi::Value PromiseThread::end(Napi::Env env, Napi::Object owner, Task task) {
  return enqueue(env, owner, std::move(task), true);
}

Napi::Value PromiseThread::enqueue(Napi::Env env, Napi::Object owner, Task task, bool last) {
  auto deferred = Napi::Promise::Deferred::New(env);
  {
    const std::scoped_lock lock(mutex_);
    if (ending_ || stopped_) {
      deferred.Reject(makeError(env, "ERR_DISPOSED", "the stream has been closed").Value());
      return deferred.Promise();
    }
    if (jobs_.empty()) notifier_.Ref(env);
    jobs_.push_back(std::make_unique<Job>(Job{std::move(task), deferred, Napi::Persistent(owner), {}, {}}));
    waiting_.push_back(jobs_.back().get());
    ending_ = last;
  }
  changed_.notify_one();
  return deferred.Promise();
}

void PromiseThread::work() {
  while (true) {
    Job* job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || ending_ || !waiting_.empty(); });
      if (stopped_ || waiting_.empty()) return;
      job = waiting_.front();
      waiting_.pop_front();
    }
    try {
      job->result = job->task();
    } catch (...) {
      job->error = std::current_exception();
    }
    notifier_.NonBlockingCall(job);
  }
}

void PromiseThread::settle(Napi::Env env, Napi::Function, PromiseThread* self, Job* job) {
  if (env == nullptr) return;  // aborted by stop(): the job is gone
  const auto found = std::ranges::find(self->jobs_, job, &std::unique_ptr<Job>::get);
  if (found == self->jobs_.end()) return;
  const auto owned = std::move(*found);
  self->jobs_.erase(found);
  if (self->jobs_.empty()) self->notifier_.Unref(env);
  try {
    if (owned->error) {
      owned->deferred.Reject(makeError(env, owned->error).Value());
    } else {
      owned->deferred.Resolve(owned->result(env));
    }
  } catch (const Napi::Error&) {
    // The environment is being terminated, so the promise has no listener.
  }
  if (self->ending_ && self->jobs_.empty()) self->stop();
}

void PromiseThread::stop() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
  }
  std::exchange(cancel_, {})();  // also frees what the function holds
  changed_.notify_all();
  thread_.join();
  notifier_.Abort();
  jobs_.clear();
  napi_remove_env_cleanup_hook(env_, onEnvironmentEnd, this);
}

}  // namespace framelane::binding
