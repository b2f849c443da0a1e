#pragma once
// NUT's variable-length numbers, over anything that hands out bytes.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "core/error.hpp"
#include "media/crc.hpp"

namespace framelane::media {

/// Big-endian groups of 7 bits, the high bit says that more follow.
template <class Source>
uint64_t readUnsigned(Source& source) {
  uint64_t value = 0;
  for (int i = 0; i < 10; i++) {
    const uint8_t byte = source.byte();
    value = value << 7 | (byte & 0x7F);
    if (byte < 0x80) return value;
  }
  fail("ERR_STREAM_FORMAT", "frames from FFmpeg: a NUT number has more than 10 bytes");
}

/// 0, 1, -1, 2, -2 … as 0, 1, 2, 3, 4 …
template <class Source>
int64_t readSigned(Source& source) {
  const uint64_t value = readUnsigned(source) + 1;
  const auto half = static_cast<int64_t>(value >> 1);
  return value & 1 ? -half : half;
}

/// A packet's body in memory.
class FieldReader {
 public:
  explicit FieldReader(std::span<const std::byte> data) : data_(data) {}
  size_t left() const { return data_.size(); }
  uint8_t byte() {
    if (data_.empty()) fail("ERR_STREAM_FORMAT", "frames from FFmpeg: a NUT packet is shorter than its fields");
    const auto value = static_cast<uint8_t>(data_.front());
    data_ = data_.subspan(1);
    return value;
  }

 private:
  std::span<const std::byte> data_;
};

/// Collects a packet's fields. Headers are small: 512 bytes hold any that is written here.
class FieldWriter {
 public:
  void byte(uint8_t value) {
    require(size_ < bytes_.size(), "ERR_INTERNAL", "a NUT header grew beyond its buffer");
    bytes_[size_++] = static_cast<std::byte>(value);
  }
  void bigEndian(uint64_t value, int bytes) {
    while (bytes-- > 0) byte(static_cast<uint8_t>(value >> (8 * bytes)));
  }
  void number(uint64_t value) {
    int groups = 1;
    for (uint64_t rest = value >> 7; rest > 0; rest >>= 7) groups++;
    while (--groups > 0) byte(static_cast<uint8_t>(0x80 | (value >> (7 * groups) & 0x7F)));
    byte(value & 0x7F);
  }
  void signedNumber(int64_t value) {
    number(value > 0 ? 2 * static_cast<uint64_t>(value) - 1 : 2 * (0 - static_cast<uint64_t>(value)));
  }
  void text(std::string_view value) {
    number(value.size());
    append(std::as_bytes(std::span(value)));
  }
  void append(std::span<const std::byte> data) {
    for (const std::byte value : data) byte(static_cast<uint8_t>(value));
  }
  std::span<std::byte> written() { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }

 private:
  std::array<std::byte, 512> bytes_;
  size_t size_ = 0;
};

}  // namespace framelane::media
