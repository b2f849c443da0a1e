#pragma once
// Promises for moments of streams. One thread of the environment asks the device which have passed, so thousands may be pending:
// a stream's moments pass in order, and only the next one of each stream is asked for.
#include <napi.h>

#include <condition_variable>
#include <exception>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/stream.hpp"

namespace framelane::binding {

/// What is waited for: a moment that was recorded on a stream, by a number that rises from record to record.
struct Moment {
  std::shared_ptr<Event> event;
  std::shared_ptr<Stream> stream;  // none where nothing was recorded
  uint64_t number = 0;
};

/// The number of the moment that is recorded next.
uint64_t nextMoment();

class EventWaiter {
 public:
  explicit EventWaiter(Napi::Env env);
  ~EventWaiter() { stop(); }
  EventWaiter(const EventWaiter&) = delete;
  EventWaiter& operator=(const EventWaiter&) = delete;

  /// The process stays alive until the promise is settled.
  Napi::Value wait(Napi::Env env, Moment moment);

 private:
  struct Job {
    Moment moment;
    Napi::Promise::Deferred deferred;
    std::exception_ptr error;
    std::list<std::unique_ptr<Job>>::iterator place;
  };
  using Line = std::multimap<uint64_t, Job*>;  // of one stream, by the numbers of its moments

  static void settle(Napi::Env env, Napi::Function, EventWaiter* self, void*);
  using Notifier = Napi::TypedThreadSafeFunction<EventWaiter, void, &EventWaiter::settle>;
  static void onEnvironmentEnd(void* self) { static_cast<EventWaiter*>(self)->stop(); }
  static bool hasPassed(Job& job) noexcept;

  void work();
  void takePassed(std::vector<Job*>& passed);
  /// Settles nothing more. Idempotent.
  void stop() noexcept;

  napi_env env_;
  Notifier notifier_;
  std::list<std::unique_ptr<Job>> jobs_;  // JavaScript's thread only
  std::map<const Stream*, Line> lines_;   // the waiting thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job*> added_, passed_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace framelane::binding
