#include "media/nut_reader.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "media/nut_fields.hpp"

namespace framelane::media {
namespace {

__extension__ using Wide = __int128;

constexpr size_t kMaxPacket = 16 << 20;  // an index of a very long stream; headers are far smaller
// Beyond what any file has; within them, sums of times fit 64 bits, and products of times and rates 128.
constexpr int64_t kMaxPts = int64_t{1} << 60;
bool isPositive(int64_t part) { return part > 0 && part <= std::numeric_limits<int32_t>::max(); }
constexpr uint64_t kMaxFrame = uint64_t{4} << 30;

[[noreturn]] void failFormat(const std::string& what) { fail("ERR_STREAM_FORMAT", "frames from FFmpeg: " + what); }

void expect(bool condition, const std::string& what) {
  if (!condition) failFormat(what);
}

int64_t checkedPts(Wide pts) {
  expect(pts > -kMaxPts && pts < kMaxPts, "a timestamp out of range");
  return static_cast<int64_t>(pts);
}

uint32_t readTag(FieldReader& fields) {
  const uint64_t length = readUnsigned(fields);
  expect(length == 4, "a codec tag of 4 bytes was expected, received " + std::to_string(length));
  uint32_t tag = 0;
  for (int i = 0; i < 4; i++) tag |= static_cast<uint32_t>(fields.byte()) << (8 * i);
  return tag;
}

std::string tagText(uint32_t tag) {
  std::string text;
  for (int i = 0; i < 4; i++) {
    const char letter = static_cast<char>(tag >> (8 * i));
    text += letter >= ' ' && letter <= '~' ? letter : '?';
  }
  return text;
}

}  // namespace

std::optional<NutStream> NutReader::open() {
  if (input_.atEnd()) return std::nullopt;
  for (const char letter : nut::kFileId)
    expect(input_.byte() == static_cast<uint8_t>(letter), "the stream does not start as NUT does");
  bool haveMain = false;
  while (true) {
    const uint64_t startcode = input_.bigEndian(8);
    const auto body = packet(startcode);
    if (startcode == nut::kMainStart) {
      parseMain(body);
      haveMain = true;
    } else if (startcode == nut::kStreamStart) {
      expect(haveMain, "the stream header came before the main header");
      stream_ = parseStream(body);
      return stream_;
    }
  }
}

std::span<const std::byte> NutReader::packet(uint64_t startcode) {
  expect(startcode >> 56 == 'N', "a packet was expected, received other bytes");
  const uint64_t length = readUnsigned(input_);
  expect(length >= 4 && length <= kMaxPacket, "a packet of " + std::to_string(length) + " bytes");
  if (length > nut::kLongPacket) input_.bigEndian(4);  // checksum of the head: the body has its own
  body_.resize(length);
  input_.payload(body_);
  expect(nutChecksum(body_) == 0, "the checksum of a packet is wrong");
  return std::span(body_).first(length - 4);
}

void NutReader::parseMain(std::span<const std::byte> body) {
  FieldReader fields(body);
  const uint64_t version = readUnsigned(fields);
  expect(version >= 2 && version <= 4, "NUT version " + std::to_string(version) + ", expected 2 to 4");
  if (version > 3) readUnsigned(fields);  // minor version
  const uint64_t streams = readUnsigned(fields);
  expect(streams == 1, "one stream was expected, received " + std::to_string(streams));
  readUnsigned(fields);  // max_distance
  const uint64_t timeBases = readUnsigned(fields);
  expect(timeBases > 0 && timeBases <= 16, std::to_string(timeBases) + " time bases");
  timeBases_.clear();
  for (uint64_t i = 0; i < timeBases; i++) {
    const auto num = static_cast<int64_t>(readUnsigned(fields));
    const auto den = static_cast<int64_t>(readUnsigned(fields));
    expect(isPositive(num) && isPositive(den), "a time base out of range");
    timeBases_.push_back({num, den});
  }
  parseFrameCodes(fields);
  if (fields.left() == 0) return;
  const uint64_t elided = readUnsigned(fields);
  expect(elided < 128, std::to_string(elided) + " elision headers");
  elided_.resize(1);
  for (uint64_t i = 0; i < elided; i++) {
    auto& header = elided_.emplace_back(readUnsigned(fields) & 0xFF);
    for (std::byte& value : header) value = static_cast<std::byte>(fields.byte());
  }
}

void NutReader::parseFrameCodes(FieldReader& fields) {
  FrameCode code;
  for (int i = 0; i < 256;) {
    code.flags = readUnsigned(fields);
    const uint64_t present = readUnsigned(fields);
    if (present > 0) code.ptsDelta = readSigned(fields);
    if (present > 1) code.sizeMul = readUnsigned(fields);
    if (present > 2) readUnsigned(fields);  // stream: there is one
    code.sizeLsb = present > 3 ? readUnsigned(fields) : 0;
    code.reserved = present > 4 ? readUnsigned(fields) : 0;
    uint64_t count = present > 5 ? readUnsigned(fields) : code.sizeMul - code.sizeLsb;
    if (present > 6) readSigned(fields);  // match time
    if (present > 7) code.headerIndex = readUnsigned(fields);
    for (uint64_t extra = 8; extra < present; extra++) readUnsigned(fields);
    expect(count > 0 && count <= 256, "a frame code for " + std::to_string(count) + " codes");
    for (; count > 0 && i < 256; i++) {
      codes_[i] = code;
      if (i == 'N') {
        codes_[i].flags = nut::kInvalid;  // 'N' starts a packet
        continue;
      }
      code.sizeLsb++;
      count--;
    }
    expect(count == 0, "more than 256 frame codes");
  }
}

NutStream NutReader::parseStream(std::span<const std::byte> body) {
  FieldReader fields(body);
  expect(readUnsigned(fields) == 0, "a second stream");
  const uint64_t kind = readUnsigned(fields);
  expect(kind == 0, "a video stream was expected, received class " + std::to_string(kind));
  const uint32_t tag = readTag(fields);
  const auto format = formatOf(tag);
  expect(format.has_value(), "pixel format tag '" + tagText(tag) + "' is not one that was asked for");
  NutStream stream;
  stream.format = *format;
  const uint64_t timeBase = readUnsigned(fields);
  expect(timeBase < timeBases_.size(), "an unknown time base");
  stream.timeBase = timeBases_[timeBase];
  ptsShift_ = static_cast<int>(readUnsigned(fields) & 15);
  readUnsigned(fields);  // max_pts_distance
  readUnsigned(fields);  // decode delay
  readUnsigned(fields);  // stream flags
  for (uint64_t extra = readUnsigned(fields); extra > 0; extra--) fields.byte();
  stream.width = static_cast<int>(readUnsigned(fields));
  stream.height = static_cast<int>(readUnsigned(fields));
  stream.sampleAspect.num = static_cast<int64_t>(readUnsigned(fields));
  stream.sampleAspect.den = static_cast<int64_t>(readUnsigned(fields));
  return stream;
}

void NutReader::parseSyncpoint(std::span<const std::byte> body) {
  FieldReader fields(body);
  const uint64_t coded = readUnsigned(fields);
  const Rational from = timeBases_[coded % timeBases_.size()];
  const auto ticks = static_cast<Wide>(coded / timeBases_.size());
  // Rounded down: timestamps are not negative.
  lastPts_ = checkedPts(ticks * from.num * stream_.timeBase.den / (static_cast<Wide>(from.den) * stream_.timeBase.num));
}

std::optional<NutReader::FrameHead> NutReader::next() {
  while (!input_.atEnd()) {
    const uint8_t code = input_.byte();
    if (code != 'N') return frameHead(code);
    const uint64_t startcode = uint64_t{'N'} << 56 | input_.bigEndian(7);
    const auto body = packet(startcode);  // headers are repeated now and then; info and index do not matter here
    if (startcode == nut::kSyncpointStart) parseSyncpoint(body);
  }
  return std::nullopt;
}

NutReader::FrameHead NutReader::frameHead(uint8_t code) {
  const FrameCode& entry = codes_[code];
  uint64_t flags = entry.flags;
  expect(!(flags & nut::kInvalid), "frame code " + std::to_string(code) + " is not in use");
  if (flags & nut::kCodedFlags) flags ^= readUnsigned(input_);
  if (flags & nut::kStreamId) expect(readUnsigned(input_) == 0, "a frame of a second stream");
  const Wide coded = flags & nut::kCodedPts ? fullPts(readUnsigned(input_)) : Wide{lastPts_} + entry.ptsDelta;
  const int64_t pts = checkedPts(coded);
  uint64_t size = entry.sizeLsb;
  if (flags & nut::kSizeMsb) size += entry.sizeMul * readUnsigned(input_);
  if (flags & nut::kMatchTime) readSigned(input_);
  uint64_t header = flags & nut::kHeaderIndex ? readUnsigned(input_) : entry.headerIndex;
  uint64_t reserved = flags & nut::kReserved ? readUnsigned(input_) : entry.reserved;
  while (reserved-- > 0) readUnsigned(input_);
  if (flags & nut::kChecksum) input_.bigEndian(4);
  expect(!(flags & nut::kSideData), "a frame with side data");
  expect(size <= kMaxFrame, "a frame of " + std::to_string(size) + " bytes");
  if (size > nut::kLongPacket) header = 0;
  expect(header < elided_.size() && elided_[header].size() <= size, "an unknown elision header");
  prefix_ = elided_[header];
  lastPts_ = pts;
  return {pts, size};
}

int64_t NutReader::fullPts(uint64_t coded) const {
  const uint64_t range = uint64_t{1} << ptsShift_;
  if (coded >= range) return checkedPts(Wide{coded} - range);
  // Only the low bits were sent: the pts nearest to the last one that has them.
  const auto mask = static_cast<int64_t>(range - 1);
  const int64_t base = lastPts_ - mask / 2;
  return ((static_cast<int64_t>(coded) - base) & mask) + base;
}

void NutReader::payload(std::span<std::byte> destination) {
  std::ranges::copy(prefix_, destination.begin());
  input_.payload(destination.subspan(prefix_.size()));
}

}  // namespace framelane::media
