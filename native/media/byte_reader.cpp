#include "media/byte_reader.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/error.hpp"

namespace framelane::media {
namespace {

// FFmpeg writes 32 KiB at a time, and a reader woken by each write makes some eighty calls for one 1080p frame, taking
// the processor from the decoder each time. While this much of a frame is missing, the socket's buffer holds what
// arrives during a nap, and one call fetches it all.
constexpr size_t kWorthANap = 256 << 10;
constexpr auto kNap = std::chrono::microseconds(100);

[[noreturn]] void failEarlyEnd(const char* where) {
  fail("ERR_STREAM_TRUNCATED", std::string("frames from FFmpeg: the stream ended in the middle of ") + where);
}

}  // namespace

bool ByteReader::fill() {
  iovec part{buffer_.data(), buffer_.size()};
  next_ = 0;
  end_ = socket_.read({&part, 1});
  return end_ > 0;
}

bool ByteReader::atEnd() { return next_ == end_ && !fill(); }

uint8_t ByteReader::byte() {
  if (next_ == end_ && !fill()) failEarlyEnd("a header");
  return static_cast<uint8_t>(buffer_[next_++]);
}

uint64_t ByteReader::bigEndian(int bytes) {
  uint64_t value = 0;
  while (bytes-- > 0) value = value << 8 | byte();
  return value;
}

void ByteReader::payload(std::span<std::byte> destination) {
  const size_t buffered = std::min(destination.size(), end_ - next_);
  std::copy_n(buffer_.data() + next_, buffered, destination.begin());
  next_ += buffered;
  auto rest = destination.subspan(buffered);
  while (!rest.empty()) {
    iovec parts[2] = {{rest.data(), rest.size()}, {buffer_.data(), buffer_.size()}};
    const size_t got = socket_.read(parts);
    if (got == 0) failEarlyEnd("a frame");
    const size_t taken = std::min(got, rest.size());
    rest = rest.subspan(taken);
    next_ = 0;
    end_ = got - taken;
    if (rest.size() > kWorthANap) std::this_thread::sleep_for(kNap);
  }
}

}  // namespace framelane::media
