#pragma once
// A device that computes on the CPU and behaves as a GPU does: memory of its own, queues that work when they come to it, and
// events. What a session lets go of too early shows as wrong pixels, or to a sanitizer.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "core/device.hpp"
#include "cpu/cpu_backend.hpp"

namespace framelane {

class LateEvent final : public Event {
 public:
  /// Outlives the event while a queue still needs it, as the driver's does.
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    uint64_t recorded = 0, passed = 0;

    void waitFor(uint64_t moment) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return passed >= moment; });
    }
    void pass(uint64_t moment) {
      const std::scoped_lock lock(mutex);
      passed = moment;
      changed.notify_all();
    }
    uint64_t record() {
      const std::scoped_lock lock(mutex);
      return ++recorded;
    }
    uint64_t last() {
      const std::scoped_lock lock(mutex);
      return recorded;
    }
  };
  void wait() override { state->waitFor(state->last()); }
  bool passed() override {
    const std::scoped_lock lock(state->mutex);
    return state->passed >= state->recorded;
  }
  double secondsSince(const Event&) const override { return 0; }
  const std::shared_ptr<State> state = std::make_shared<State>();
};

class LateQueue final : public Queue {
 public:
  explicit LateQueue(std::unique_ptr<Queue> cpu) : cpu_(std::move(cpu)), thread_([this] { work(); }) {}
  ~LateQueue() override {
    enqueue(nullptr);
    thread_.join();
  }
  void run(const PointProgram& program) override {
    enqueue([this, program] { cpu_->run(program); });
  }
  void upload(void* device, const void* host, size_t bytes) override { copy(device, host, bytes); }
  void download(void* host, const void* device, size_t bytes) override { copy(host, device, bytes); }
  void copy(void* destination, const void* source, size_t bytes) override {
    enqueue([this, destination, source, bytes] { cpu_->copy(destination, source, bytes); });
  }
  void record(Event& event) override {
    const auto state = static_cast<LateEvent&>(event).state;
    enqueue([state, moment = state->record()] { state->pass(moment); });
  }
  void waitFor(Event& event) override {
    const auto state = static_cast<LateEvent&>(event).state;
    enqueue([state, moment = state->last()] { state->waitFor(moment); });
  }
  void wait() override {
    LateEvent now;
    record(now);
    now.wait();
  }
  std::shared_ptr<const Recording> capture(const std::function<void()>& enqueue) override {
    const auto recording = std::make_shared<LateRecording>();
    recording_ = recording.get();
    enqueue();
    recording_ = nullptr;
    return recording;
  }
  uint64_t handle() const override { return 0; }
  static inline std::atomic<int> replays = 0;
  void replay(const Recording& recording) override {
    replays++;
    for (const auto& task : static_cast<const LateRecording&>(recording).tasks) enqueue(task);
  }

 private:
  struct LateRecording final : Recording {
    std::vector<std::function<void()>> tasks;
  };

  void enqueue(std::function<void()> task) {
    if (recording_) return recording_->tasks.push_back(std::move(task));
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
    filled_.notify_one();
  }
  void work() {
    std::minstd_rand random(7);
    while (true) {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return !tasks_.empty(); });
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      if (!task) return;
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 80));
      task();
    }
  }

  std::unique_ptr<Queue> cpu_;
  LateRecording* recording_ = nullptr;  // of the thread that enqueues
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> tasks_;
  std::thread thread_;
};

class LateBackend final : public cpu::CpuBackend {
 public:
  std::unique_ptr<Queue> makeQueue(Priority) override {
    return std::make_unique<LateQueue>(CpuBackend::makeQueue(Priority::normal));
  }
  std::unique_ptr<Event> makeEvent() override { return std::make_unique<LateEvent>(); }
  std::unique_ptr<Event> makeTimedEvent() override { return makeEvent(); }
  bool unified() const override { return false; }
};

inline std::shared_ptr<Device> makeLateDevice() {
  auto device = std::make_shared<Device>();
  device->backend = std::make_shared<LateBackend>();
  device->memory = std::make_shared<MemoryPool>(device->backend);
  device->immediate = std::make_shared<Stream>(*device->backend);
  return device;
}

}  // namespace framelane
