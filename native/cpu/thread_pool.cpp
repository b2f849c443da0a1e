#include "cpu/thread_pool.hpp"

#include <dlfcn.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "core/error.hpp"

namespace framelane::cpu {

namespace {

constexpr int kMaxThreads = 1024;
// About 5 us: passes of one frame follow each other within that, and a futex wake-up costs as much
// again.
constexpr int kSpins = 200;

int wantedThreads() {
  const char* text = std::getenv("FRAMELANE_THREADS");
  if (!text || !*text) return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxThreads);
  int threads = 0;
  const char* end = text + std::strlen(text);
  const auto [last, error] = std::from_chars(text, end, threads);
  if (error != std::errc{} || last != end || threads < 1 || threads > kMaxThreads)
    fail("ERR_INVALID_ARGUMENT",
         "FRAMELANE_THREADS: expected 1 to " + std::to_string(kMaxThreads) + ", received '" + text + "'");
  return threads;
}

/// Node unloads an addon when the last worker_thread that loaded it ends; our sleeping threads need
/// its code to stay.
void keepModuleLoaded() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&keepModuleLoaded), &info) && info.dli_fname)
    dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

void pauseCpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

template <class Condition>
bool spinUntil(const Condition& condition) {
  for (int i = 0; i < kSpins; i++) {
    if (condition()) return true;
    pauseCpu();
  }
  return false;
}

}  // namespace

ThreadPool& ThreadPool::instance() {
  static ThreadPool& pool = *new ThreadPool(wantedThreads());
  return pool;
}

ThreadPool::ThreadPool(int threads) : threads_(threads) {
  if (threads > 1) keepModuleLoaded();
  for (int i = 1; i < threads; i++) std::thread([this] { serve(); }).detach();
}

void ThreadPool::Job::work(int worker) {
  for (;;) {
    const int y0 = next.fetch_add(band, std::memory_order_relaxed);
    if (y0 >= rows) return;
    invoke(body, worker, y0, std::min(y0 + band, rows));
  }
}

void ThreadPool::run(Job& job) {
  if (threads_ == 1 || job.rows <= job.band) {
    if (job.rows > 0) job.invoke(job.body, 0, 0, job.rows);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    job.nextJob = jobs_;
    jobs_ = &job;
    openJobs_.fetch_add(1, std::memory_order_relaxed);
  }
  opened_.notify_all();
  job.work(0);
  {
    const std::lock_guard lock(mutex_);
    Job** link = &jobs_;
    while (*link != &job) link = &(*link)->nextJob;
    *link = job.nextJob;
    openJobs_.fetch_sub(1, std::memory_order_relaxed);
  }
  // Nobody can join any more. `working` falls to 0 under the mutex, so taking it once makes sure
  // the last one has let go.
  const auto done = [&] { return job.working.load(std::memory_order_acquire) == 0; };
  spinUntil(done);
  std::unique_lock lock(mutex_);
  left_.wait(lock, done);
}

ThreadPool::Job* ThreadPool::openJob() {
  for (Job* job = jobs_; job; job = job->nextJob)
    if (job->hasRows() && job->joined + 1 < threads_) return job;
  return nullptr;
}

void ThreadPool::help(Job& job, std::unique_lock<std::mutex>& lock) {
  const int worker = ++job.joined;
  job.working.fetch_add(1, std::memory_order_relaxed);
  lock.unlock();
  job.work(worker);
  lock.lock();
  if (job.working.fetch_sub(1, std::memory_order_release) == 1) left_.notify_all();
}

void ThreadPool::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (Job* job = openJob()) {
      help(*job, lock);
      continue;
    }
    lock.unlock();
    spinUntil([&] { return openJobs_.load(std::memory_order_relaxed) > 0; });
    lock.lock();
    if (!openJob()) opened_.wait(lock);
  }
}

}  // namespace framelane::cpu
