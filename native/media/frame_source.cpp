#include "media/frame_source.hpp"

#include <pthread.h>

#include <string>
#include <utility>

#include "core/error.hpp"
#include "media/stopwatch.hpp"

namespace framelane::media {
namespace {

std::string sizeText(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

}  // namespace

FrameSource::FrameSource(Descriptor input, std::shared_ptr<MemoryPool> memory, const FrameShape& shape, int slots,
                         Section section, Backlog backlog)
    : socket_(std::move(input)),
      shape_(shape),
      section_(section),
      backlog_(backlog),
      slots_(std::move(memory), slots, frameBytes(shape)),
      ready_(slots) {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "fl-reader");
    read();
  });
}

FrameSource::~FrameSource() {
  cancel();
  thread_.join();
}

void FrameSource::cancel() noexcept {
  socket_.cancel();
  slots_.discard();
  ready_.discard();
}

std::optional<FrameSource::Item> FrameSource::next() {
  const auto ready = ready_.pop();
  if (ready) return Item{ready->slot, slots_.data(ready->slot), ready->pts};
  if (error_) std::rethrow_exception(error_);
  return std::nullopt;
}

void FrameSource::read() {
  try {
    const bool atEnd = readFrames();
    ended_ = atEnd && !socket_.cancelled();
  } catch (...) {
    // After a stop the stream ends anywhere: that is no error.
    if (!socket_.cancelled()) error_ = std::current_exception();
  }
  ready_.close();
  // FFmpeg must not wait for a reader that has gone.
  socket_.cancel();
}

bool FrameSource::readFrames() {
  NutReader reader(socket_);
  const auto stream = reader.open();
  if (!stream) return true;
  checkStream(*stream);
  stream_ = *stream;
  SectionStart start(section_, stream_.timeBase);
  std::optional<Ready> first;  // on display at the start, unless a later one is
  while (true) {
    const auto begin = Clock::now();
    const auto head = reader.next();
    if (!head) return !first || push(*first);
    const bool candidate = start.isCandidate(head->pts);
    if (first && !candidate && !push(*std::exchange(first, std::nullopt))) return false;
    const auto headRead = Clock::now();
    const auto slot = first ? std::optional(first->slot) : slots_.take();
    if (!slot) return false;
    const auto slotTaken = Clock::now();
    readPayload(reader, *head, *slot);
    if (candidate) {
      first = {*slot, start.firstTime(head->pts)};
      continue;
    }
    counters_.slotWait.record(nanoseconds(slotTaken - headRead));
    counters_.read.record(nanoseconds(headRead - begin + (Clock::now() - slotTaken)));
    if (!push({*slot, start.timeOf(head->pts)})) return false;
  }
}

void FrameSource::readPayload(NutReader& reader, const NutReader::FrameHead& head, int slot) {
  const size_t expected = frameBytes(shape_);
  require(head.bytes == expected, "ERR_STREAM_FORMAT",
          "frame " + std::to_string(counters_.frames.load()) + " from FFmpeg has " + std::to_string(head.bytes) +
              " bytes, expected " + std::to_string(expected) + ": the size of the picture changes within the file");
  reader.payload(slots_.data(slot));
}

bool FrameSource::push(Ready frame) {
  counters_.frames.fetch_add(1, std::memory_order_relaxed);
  if (backlog_ == Backlog::newest) dropOlder();
  return ready_.push(frame);
}

void FrameSource::dropOlder() {
  while (const auto older = ready_.tryPop()) {
    slots_.giveBack(older->slot);
    counters_.dropped.fetch_add(1, std::memory_order_relaxed);
  }
}

void FrameSource::checkStream(const NutStream& stream) const {
  require(stream.format == shape_.format, "ERR_STREAM_FORMAT",
          "frames from FFmpeg have another pixel format than was asked for");
  require(stream.width == shape_.width && stream.height == shape_.height, "ERR_STREAM_FORMAT",
          "frames from FFmpeg are " + sizeText(stream.width, stream.height) + ", expected " +
              sizeText(shape_.width, shape_.height));
}

}  // namespace framelane::media
