#include "media/crc.hpp"

#include <array>

namespace framelane::media {
namespace {

constexpr auto kTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i << 24;
    for (int bit = 0; bit < 8; bit++) value = (value << 1) ^ ((value >> 31) * 0x04C11DB7u);
    table[i] = value;
  }
  return table;
}();

}  // namespace

uint32_t nutChecksum(std::span<const std::byte> data, uint32_t crc) {
  for (const std::byte byte : data) crc = (crc << 8) ^ kTable[(crc >> 24) ^ static_cast<uint8_t>(byte)];
  return crc;
}

}  // namespace framelane::media
