#include "media/frame_sink.hpp"

#include <pthread.h>

#include "core/error.hpp"
#include "media/stopwatch.hpp"

namespace framelane::media {

FrameSink::FrameSink(Descriptor output, int capacity, std::function<void()> onFailure)
    : queue_(capacity), onFailure_(std::move(onFailure)) {
  if (output.number() >= 0) socket_.emplace(std::move(output));
}

FrameSink::~FrameSink() { stop(); }

void FrameSink::start(const NutStream& stream, Rational frameRate) {
  if (socket_) writer_.emplace(*socket_, stream, frameRate);
  tick_ = static_cast<double>(stream.timeBase.num) / static_cast<double>(stream.timeBase.den);
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "fl-writer");
    write();
  });
}

bool FrameSink::push(const Item& item) {
  if (queue_.push(item)) return true;
  if (failed_.load(std::memory_order_acquire)) std::rethrow_exception(error_);
  return false;
}

void FrameSink::finish() {
  end();
  if (thread_.joinable()) thread_.join();
  endWatch();  // there may have been no thread
  if (failed_.load(std::memory_order_acquire)) std::rethrow_exception(error_);
}

void FrameSink::cancel() noexcept {
  queue_.discard();
  if (socket_) socket_->cancel();
  endWatch();
}

void FrameSink::stop() noexcept {
  cancel();
  if (thread_.joinable()) thread_.join();
}

void FrameSink::endWatch() noexcept {
  taps_.end();
  results_->end();
}

void FrameSink::write() {
  try {
    writeItems();
    if (socket_) socket_->endWriting();
  } catch (...) {
    error_ = std::current_exception();
    failed_.store(true, std::memory_order_release);
    queue_.discard();
    if (onFailure_) onFailure_();
  }
  endWatch();
}

void FrameSink::writeItems() {
  while (const auto item = queue_.pop()) {
    if (item->ready) {
      Stopwatch watch(counters_.deviceWait);
      item->ready->wait();
    }
    const double seconds = static_cast<double>(item->pts) * tick_;
    taps_.offer(item->data, seconds);
    results_->push(item->found, seconds);
    if (!writeItem(*item)) return;
    for (const SlotReturn& giveBack : item->returns) giveBack();
  }
}

/// False after cancel().
bool FrameSink::writeItem(const Item& item) {
  if (!writer_) {
    counters_.frames.fetch_add(static_cast<uint64_t>(item.times), std::memory_order_relaxed);
    return true;
  }
  for (int64_t i = 0; i < item.times; i++) {
    Stopwatch watch(counters_.write);
    if (!writer_->frame(item.pts + i, item.data)) {
      if (socket_->cancelled()) return false;
      fail("ERR_FFMPEG_FAILED",
           "FFmpeg stopped taking frames after " + std::to_string(counters_.frames.load()) + " of them");
    }
    counters_.frames.fetch_add(1, std::memory_order_relaxed);
  }
  return true;
}

}  // namespace framelane::media
