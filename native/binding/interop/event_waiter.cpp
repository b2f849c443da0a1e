#include "binding/interop/event_waiter.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "binding/js_error.hpp"
#include "core/error.hpp"

namespace framelane::binding {

uint64_t nextMoment() {
  static std::atomic<uint64_t> last = 0;
  return ++last;
}

EventWaiter::EventWaiter(Napi::Env env) : env_(env), notifier_(Notifier::New(env, "framelane events", 0, 1, this)) {
  notifier_.Unref(env);  // only a pending promise keeps the process alive
  // After the notifier's own hook was registered, so before it is run: the thread never sees a dead notifier.
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
  thread_ = std::thread([this] { work(); });
}

Napi::Value EventWaiter::wait(Napi::Env env, Moment moment) {
  auto deferred = Napi::Promise::Deferred::New(env);
  if (jobs_.empty()) notifier_.Ref(env);
  jobs_.push_back(std::make_unique<Job>(Job{std::move(moment), deferred, {}, {}}));
  Job* const job = jobs_.back().get();
  job->place = std::prev(jobs_.end());
  {
    const std::scoped_lock lock(mutex_);
    added_.push_back(job);
  }
  changed_.notify_one();
  return deferred.Promise();
}

/// A failure of the device ends the waiting, too.
bool EventWaiter::hasPassed(Job& job) noexcept {
  try {
    return job.moment.event->passed();
  } catch (const Error& error) {
    const std::string calls = job.moment.stream ? job.moment.stream->launches().after(error) : "";
    job.error = std::make_exception_ptr(Error(error.code(), error.what() + calls));
  } catch (...) {
    job.error = std::current_exception();
  }
  return true;
}

void EventWaiter::takePassed(std::vector<Job*>& passed) {
  for (auto line = lines_.begin(); line != lines_.end();) {
    Line& jobs = line->second;
    while (!jobs.empty() && hasPassed(*jobs.begin()->second)) {
      passed.push_back(jobs.begin()->second);
      jobs.erase(jobs.begin());
    }
    line = jobs.empty() ? lines_.erase(line) : std::next(line);
  }
}

void EventWaiter::work() {
  using std::chrono::microseconds;
  constexpr microseconds kLeast{20}, kMost{500};
  microseconds pause = kLeast;
  std::vector<Job*> passed;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const auto isWoken = [this] { return stopped_ || !added_.empty(); };
      if (lines_.empty())
        changed_.wait(lock, isWoken);
      else
        changed_.wait_for(lock, pause, isWoken);
      if (stopped_) return;
      if (!added_.empty()) pause = kLeast;
      for (Job* job : std::exchange(added_, {})) lines_[job->moment.stream.get()].emplace(job->moment.number, job);
    }
    takePassed(passed);
    if (passed.empty()) {
      pause = std::min(2 * pause, kMost);
      continue;
    }
    pause = kLeast;
    {
      const std::scoped_lock lock(mutex_);
      passed_.insert(passed_.end(), passed.begin(), passed.end());
    }
    passed.clear();
    notifier_.NonBlockingCall();
  }
}

void EventWaiter::settle(Napi::Env env, Napi::Function, EventWaiter* self, void*) {
  if (env == nullptr) return;  // aborted by stop(): the jobs are gone
  std::vector<Job*> passed;
  {
    const std::scoped_lock lock(self->mutex_);
    passed.swap(self->passed_);
  }
  for (Job* job : passed) {
    const auto owned = std::move(*job->place);
    self->jobs_.erase(owned->place);
    try {
      if (owned->error)
        owned->deferred.Reject(makeError(env, owned->error).Value());
      else
        owned->deferred.Resolve(Napi::Env(env).Undefined());
    } catch (const Napi::Error&) {
      // The environment is being terminated, so the promise has no listener.
    }
  }
  if (self->jobs_.empty()) self->notifier_.Unref(env);
}

void EventWaiter::stop() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
  notifier_.Abort();
  jobs_.clear();
  napi_remove_env_cleanup_hook(env_, onEnvironmentEnd, this);
}

}  // namespace framelane::binding
