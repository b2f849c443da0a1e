#pragma once
// A thread that writes frames to FFmpeg, or only counts them where there is no output.
#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>

#include "core/backend.hpp"
#include "core/ring.hpp"
#include "media/latency.hpp"
#include "media/nut_writer.hpp"
#include "media/result_queue.hpp"
#include "media/slots.hpp"
#include "media/socket.hpp"
#include "media/taps.hpp"

namespace framelane::media {

struct SinkCounters {
  std::atomic<uint64_t> frames{0};  // taken by FFmpeg
  LatencyHistogram deviceWait;      // waiting for the device
  LatencyHistogram write;           // writing and waiting for FFmpeg
};

class FrameSink {
 public:
  struct Item {
    std::span<const std::byte> data;
    int64_t pts = 0;
    int64_t times = 1;       // written so often, a tick later each time
    Event* ready = nullptr;  // waited for before the data is read
    SlotReturn returns[2];   // given back once the data is written
    FoundResults found = {};
  };

  /// `output` -1: frames are only counted. `onFailure` is called in the writer thread, once, before push() starts to throw.
  FrameSink(Descriptor output, int capacity, std::function<void()> onFailure);
  ~FrameSink();

  /// Before the first push.
  void start(const NutStream& stream, Rational frameRate);
  /// Waits for room. Throws what went wrong in the thread; false after cancel().
  bool push(const Item& item);
  /// No more is pushed: FFmpeg sees the end once everything is written.
  void end() noexcept { queue_.close(); }
  /// end(), and waits until it is so. Throws what went wrong.
  void finish();
  /// Drops everything and wakes everyone; FFmpeg sees the end.
  void cancel() noexcept;
  /// cancel(), and the writer thread has ended: nothing that was pushed is in use any more.
  void stop() noexcept;
  const SinkCounters& counters() const { return counters_; }
  /// To see frames as they are written; none come after the last one, or after cancel().
  std::shared_ptr<Tap> watch() { return taps_.add(); }
  /// To get what is found out about frames, each as it is written; before the first push.
  std::shared_ptr<ResultQueue> watchResults() {
    results_->open();
    return results_;
  }
  /// Items that wait to be written.
  size_t waiting() const { return queue_.size(); }
  /// Whether the thread waits for FFmpeg, rather than for frames.
  bool writing() const noexcept { return socket_ && socket_->waiting(); }

 private:
  void endWatch() noexcept;
  void write();
  void writeItems();
  bool writeItem(const Item& item);

  std::optional<Socket> socket_;
  std::optional<NutWriter> writer_;
  double tick_ = 0;  // seconds
  Taps taps_;
  std::shared_ptr<ResultQueue> results_ = std::make_shared<ResultQueue>();
  Ring<Item> queue_;
  std::function<void()> onFailure_;
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;  // written before failed_
  SinkCounters counters_;
  std::thread thread_;
};

}  // namespace framelane::media
