#pragma once
// The constants of the NUT container that reader and writer share, and what a stream of raw video is to both.
#include <cstdint>
#include <optional>

#include "core/format.hpp"

namespace framelane::media {

struct Rational {
  int64_t num = 0;
  int64_t den = 1;
  bool operator==(const Rational&) const = default;
};

namespace nut {

inline constexpr char kFileId[] = "nut/multimedia container";  // with its terminating zero

inline constexpr uint64_t kMainStart = 0x4E4D7A561F5F04AD;
inline constexpr uint64_t kStreamStart = 0x4E5311405BF2F9DB;
inline constexpr uint64_t kSyncpointStart = 0x4E4BE4ADEECA4569;
inline constexpr uint64_t kIndexStart = 0x4E58DD672F23E64E;
inline constexpr uint64_t kInfoStart = 0x4E49AB68B596BA78;

enum FrameFlag : uint32_t {
  kKey = 1,
  kCodedPts = 8,
  kStreamId = 16,
  kSizeMsb = 32,
  kChecksum = 64,
  kReserved = 128,
  kSideData = 256,
  kHeaderIndex = 1024,
  kMatchTime = 2048,
  kCodedFlags = 4096,
  kInvalid = 8192,
};

/// Main header flag: no syncpoint but the first, the stream is never sought in.
inline constexpr uint64_t kPipeMode = 2;
inline constexpr uint64_t kLongPacket = 4096;  // a longer packet has a checksum of its head as well

}  // namespace nut

/// One stream of raw video.
struct NutStream {
  PixelFormat format = PixelFormat::yuv420p;
  int width = 0;
  int height = 0;
  Rational timeBase;
  Rational sampleAspect{0, 0};  // 0:0 unknown
};

/// FFmpeg's rawvideo tags, read as a little-endian number.
constexpr uint32_t fourcc(char a, char b, char c, char d) {
  return static_cast<uint32_t>(a) | static_cast<uint32_t>(b) << 8 | static_cast<uint32_t>(c) << 16 |
         static_cast<uint32_t>(d) << 24;
}

struct RawTag {
  uint32_t tag;
  PixelFormat format;
};

inline constexpr RawTag kRawTags[] = {
    {fourcc('I', '4', '2', '0'), PixelFormat::yuv420p}, {fourcc('Y', '4', '2', 'B'), PixelFormat::yuv422p},
    {fourcc('4', '4', '4', 'P'), PixelFormat::yuv444p}, {fourcc('Y', '8', '0', '0'), PixelFormat::gray8},
    {fourcc('R', 'G', 'B', 'A'), PixelFormat::rgba8},   {fourcc('R', 'B', 'A', 64), PixelFormat::rgba16},
};

/// The other tags spell the layout out: 'Y', planes, the log2 of the horizontal and of the vertical subsampling as
/// two decimal digits, bits.
struct LayoutTag {
  Layout layout;
  char planes, subsampling;
};

inline constexpr LayoutTag kLayoutTags[] = {
    {Layout::gray, '1', 0},     {Layout::yuv420, '3', 11},  {Layout::yuv422, '3', 10}, {Layout::yuv444, '3', 0},
    {Layout::yuva420, '4', 11}, {Layout::yuva422, '4', 10}, {Layout::yuva444, '4', 0},
};

constexpr std::optional<uint32_t> tagOf(PixelFormat format) {
  for (const RawTag& row : kRawTags)
    if (row.format == format) return row.tag;
  if (format.isInteger())
    for (const LayoutTag& row : kLayoutTags)
      if (row.layout == format.layout) return fourcc('Y', row.planes, row.subsampling, static_cast<char>(format.bits));
  return std::nullopt;
}

constexpr std::optional<PixelFormat> formatOf(uint32_t tag) {
  for (const RawTag& row : kRawTags)
    if (row.tag == tag) return row.format;
  for (const LayoutTag& row : kLayoutTags)
    for (const int bits : {8, 10, 12, 16})
      if (const PixelFormat format = integerFormat(row.layout, bits); tagOf(format) == tag) return format;
  return std::nullopt;
}

}  // namespace framelane::media
