#pragma once
// Reads small fields through a small buffer and payloads past it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/socket.hpp"

namespace framelane::media {

class ByteReader {
 public:
  explicit ByteReader(Socket& socket) : socket_(socket) {}

  /// True when the stream has ended and every byte of it was taken. Blocks for the next byte otherwise.
  bool atEnd();
  /// These throw ERR_STREAM_TRUNCATED where the stream ends too early.
  uint8_t byte();
  uint64_t bigEndian(int bytes);
  /// Fills `destination`: what is buffered is copied, the rest goes from the socket straight to it, and the same call brings
  /// the head of the next packet into the buffer, so a frame costs few calls and is copied once.
  void payload(std::span<std::byte> destination);

 private:
  bool fill();

  Socket& socket_;
  std::array<std::byte, 1024> buffer_;
  size_t next_ = 0;
  size_t end_ = 0;
};

}  // namespace framelane::media
