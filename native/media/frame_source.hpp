#pragma once
// A thread that reads frames from FFmpeg into host slots, ahead of their use.
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <thread>

#include "core/memory.hpp"
#include "core/ring.hpp"
#include "media/latency.hpp"
#include "media/nut_reader.hpp"
#include "media/section.hpp"
#include "media/slots.hpp"
#include "media/socket.hpp"

namespace framelane::media {

/// When frames arrive faster than they are taken: FFmpeg waits, or only the newest one is kept.
enum class Backlog { wait, newest };

struct SourceCounters {
  std::atomic<uint64_t> frames{0};   // read whole
  std::atomic<uint64_t> dropped{0};  // for newer ones
  LatencyHistogram read;             // reading and waiting for FFmpeg
  LatencyHistogram slotWait;         // waiting for a free slot: the stages after it are slower
};

class FrameSource {
 public:
  struct Item {
    int slot = 0;
    std::span<std::byte> data;
    int64_t pts = 0;
  };

  /// `shape` is the format and size that FFmpeg should send; any other stream is ERR_STREAM_FORMAT.
  /// Keeping the newest takes three slots: one being read, one that waits, one in use. Of the frames before the section
  /// only the one on display at its start is kept.
  FrameSource(Descriptor input, std::shared_ptr<MemoryPool> memory, const FrameShape& shape, int slots,
              Section section = {}, Backlog backlog = Backlog::wait);
  ~FrameSource();

  /// The next frame, with one user; empty at the end and after cancel(). Throws what went wrong in the thread, once the
  /// frames before it are taken.
  std::optional<Item> next();
  /// Adds a user of the slot, who calls the returned object when done.
  SlotReturn share(int slot) {
    slots_.share(slot);
    return {&slots_, slot};
  }
  void release(int slot) { slots_.giveBack(slot); }
  /// Time base and aspect; known as soon as next() has returned.
  const NutStream& stream() const { return stream_; }
  /// Whether FFmpeg has ended the stream and nobody here has; known as soon as next() has returned empty.
  bool ended() const { return ended_; }

  /// Reads no further; frames that were read can still be taken.
  void finish() noexcept { socket_.cancel(); }
  /// Drops everything and wakes everyone.
  void cancel() noexcept;
  const SourceCounters& counters() const { return counters_; }
  /// Frames that were read and wait to be taken.
  size_t waiting() const { return ready_.size(); }
  /// Whether the thread waits for FFmpeg, rather than for a free slot.
  bool reading() const noexcept { return socket_.waiting(); }

 private:
  struct Ready {
    int slot;
    int64_t pts;
  };

  void read();
  bool readFrames();  // whether it got to the end of the stream
  void readPayload(NutReader& reader, const NutReader::FrameHead& head, int slot);
  bool push(Ready frame);
  void dropOlder();
  void checkStream(const NutStream& stream) const;

  Socket socket_;
  FrameShape shape_;
  Section section_;
  Backlog backlog_;
  SlotPool slots_;
  Ring<Ready> ready_;
  NutStream stream_;
  std::exception_ptr error_;  // this and ended_: written before ready_ is closed, read after it ended
  std::atomic<bool> ended_{false};
  SourceCounters counters_;
  std::thread thread_;
};

}  // namespace framelane::media
