#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace framelane::media {

/// NUT's checksum: CRC-32 of polynomial 0x04C11DB7, most significant bit first, starting from 0. Over data followed by its
/// own checksum (big-endian) it is 0.
uint32_t nutChecksum(std::span<const std::byte> data, uint32_t crc = 0);

}  // namespace framelane::media
