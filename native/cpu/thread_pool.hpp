#pragma once
// The process's worker threads. Any thread may hand in rows at any time; it works on them itself
// and returns when all are done.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace framelane::cpu {

class ThreadPool {
 public:
  /// FRAMELANE_THREADS threads, the caller included; every core this process may use by default.
  /// Never destroyed: workers sleep until the process ends, so there is nothing to join while Node
  /// is shutting down.
  static ThreadPool& instance();

  int threads() const { return threads_; }

  /// body(worker, y0, y1) over bands of at least minRowsPerTask rows that together cover 0..rows-1;
  /// worker < threads() is distinct among the threads now working on this call. The body must not
  /// throw.
  template <class Body>
  void parallelRows(int rows, int minRowsPerTask, const Body& body) {
    Job job;
    job.rows = rows;
    job.band = std::max({1, minRowsPerTask, (rows + bandsWanted() - 1) / bandsWanted()});
    job.body = &body;
    job.invoke = [](const void* b, int worker, int y0, int y1) { (*static_cast<const Body*>(b))(worker, y0, y1); };
    run(job);
  }

 private:
  struct Job {
    void (*invoke)(const void* body, int worker, int y0, int y1);
    const void* body;
    int rows, band;
    std::atomic<int> next{0};     // first row not yet taken
    std::atomic<int> working{0};  // helpers inside this job
    int joined = 0;               // helpers that ever were; guarded by mutex_
    Job* nextJob = nullptr;
    void work(int worker);
    bool hasRows() const { return next.load(std::memory_order_relaxed) < rows; }
  };

  explicit ThreadPool(int threads);
  void run(Job& job);
  void serve();
  void help(Job& job, std::unique_lock<std::mutex>& lock);
  Job* openJob();
  // A few bands a thread, so that one that is held up by other processes does not hold up the
  // frame.
  int bandsWanted() const { return threads_ == 1 ? 1 : 4 * threads_; }

  const int threads_;
  std::mutex mutex_;
  std::condition_variable opened_, left_;
  std::atomic<int> openJobs_{0};
  Job* jobs_ = nullptr;  // intrusive list of the calls in progress: a call allocates nothing
};

}  // namespace framelane::cpu
