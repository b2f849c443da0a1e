#pragma once
// One end of an AF_UNIX stream whose other end is FFmpeg's. A larger buffer than a pipe's lets a whole 1080p frame wait in
// the kernel, so reader and writer alternate per frame and not per 64 KiB.
#include <sys/uio.h>

#include <atomic>
#include <cstddef>
#include <span>
#include <utility>

namespace framelane::media {

/// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

class Socket {
 public:
  explicit Socket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Blocks for at least one byte and returns how many arrived; 0 at the end of the stream and after cancel().
  size_t read(std::span<iovec> parts);
  /// Blocks until every byte is taken (the parts are used up). False when the other end is gone, and after cancel().
  bool write(std::span<iovec> parts);
  /// The other end reads what was written, then the end of the stream.
  void endWriting() noexcept;
  /// From any thread: wakes a blocked read or write; later ones return at once.
  void cancel() noexcept;
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }
  /// Whether a read or write is under way, which waits for the other end.
  bool waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }

 private:
  Descriptor descriptor_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> waiting_{false};
};

struct SocketPair {
  int local = -1;
  int remote = -1;
};

/// Two connected descriptors with 4 MiB buffers (or what the system allows), not yet owned by anything. Both close on exec: the
/// one that FFmpeg shall have is named when it is started.
SocketPair makeSocketPair();

}  // namespace framelane::media
