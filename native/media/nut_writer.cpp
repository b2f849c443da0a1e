#include "media/nut_writer.hpp"

#include "core/error.hpp"

namespace framelane::media {
namespace {

constexpr uint8_t kFrameCode = 1;  // the only code in use
constexpr int kPtsShift = 0;       // pts are always sent whole

void frameCode(FieldWriter& fields, uint64_t flags, uint64_t count) {
  fields.number(flags);
  fields.number(6);        // six fields follow
  fields.signedNumber(0);  // pts delta
  fields.number(1);        // size multiplier
  fields.number(0);        // stream
  fields.number(0);        // size remainder
  fields.number(0);        // reserved
  fields.number(count);
}

void mainHeader(FieldWriter& fields, Rational timeBase) {
  fields.number(4);      // version
  fields.number(0);      // minor version
  fields.number(1);      // streams
  fields.number(65536);  // max_distance
  fields.number(1);      // time bases
  fields.number(static_cast<uint64_t>(timeBase.num));
  fields.number(static_cast<uint64_t>(timeBase.den));
  frameCode(fields, nut::kInvalid, kFrameCode);
  frameCode(fields, nut::kKey | nut::kCodedPts | nut::kSizeMsb | nut::kChecksum, 1);
  frameCode(fields, nut::kInvalid, 256 - kFrameCode - 1 - 1);  // the rest, less 'N'
  fields.number(0);                                            // elision headers
  fields.number(nut::kPipeMode);
}

void streamHeader(FieldWriter& fields, const NutStream& stream) {
  fields.number(0);  // stream
  fields.number(0);  // video
  fields.number(4);
  const uint32_t tag = tagOf(stream.format).value();
  for (int i = 0; i < 4; i++) fields.byte(static_cast<uint8_t>(tag >> (8 * i)));
  fields.number(0);  // time base
  fields.number(kPtsShift);
  fields.number(1 << 30);  // max_pts_distance: frames carry checksums anyway
  fields.number(0);        // decode delay
  fields.number(0);        // stream flags
  fields.number(0);        // no extra data
  fields.number(static_cast<uint64_t>(stream.width));
  fields.number(static_cast<uint64_t>(stream.height));
  fields.number(static_cast<uint64_t>(stream.sampleAspect.num));
  fields.number(static_cast<uint64_t>(stream.sampleAspect.den));
  fields.number(0);  // colour space: given on FFmpeg's command line
}

void frameRateInfo(FieldWriter& fields, Rational frameRate) {
  fields.number(1);        // about stream 0
  fields.signedNumber(0);  // no chapter
  fields.number(0);
  fields.number(0);
  fields.number(1);  // one entry
  fields.text("r_frame_rate");
  fields.signedNumber(-1);  // a text
  fields.text(std::to_string(frameRate.num) + "/" + std::to_string(frameRate.den));
}

}  // namespace

NutWriter::NutWriter(Socket& socket, const NutStream& stream, Rational frameRate)
    : socket_(socket), stream_(stream), frameRate_(frameRate) {
  require(tagOf(stream.format).has_value(), "ERR_UNSUPPORTED_FORMAT", "frames to FFmpeg: expected integer samples");
}

void NutWriter::packet(uint64_t startcode, FieldWriter& fields) {
  const auto body = fields.written();
  head_.bigEndian(startcode, 8);
  head_.number(body.size() + 4);
  head_.append(body);
  head_.bigEndian(nutChecksum(body), 4);
  fields.clear();
}

void NutWriter::headers(int64_t firstPts) {
  head_.append(std::as_bytes(std::span(nut::kFileId)));
  FieldWriter fields;
  mainHeader(fields, stream_.timeBase);
  packet(nut::kMainStart, fields);
  streamHeader(fields, stream_);
  packet(nut::kStreamStart, fields);
  if (frameRate_.num > 0) {
    frameRateInfo(fields, frameRate_);
    packet(nut::kInfoStart, fields);
  }
  fields.number(static_cast<uint64_t>(firstPts));
  fields.number(0);  // no syncpoint before this one
  packet(nut::kSyncpointStart, fields);
}

bool NutWriter::frame(int64_t pts, std::span<const std::byte> data) {
  require(pts >= 0, "ERR_INVALID_ARGUMENT",
          "a frame's timestamp is not negative, received " + std::to_string(pts) + " ticks");
  head_.clear();
  if (!started_) headers(pts);
  started_ = true;
  FieldWriter frame;
  frame.byte(kFrameCode);
  frame.number(static_cast<uint64_t>(pts) + (1u << kPtsShift));
  frame.number(data.size());
  frame.bigEndian(nutChecksum(frame.written()), 4);
  head_.append(frame.written());
  const auto head = head_.written();
  iovec parts[2] = {{head.data(), head.size()}, {const_cast<std::byte*>(data.data()), data.size()}};
  return socket_.write(parts);
}

}  // namespace framelane::media
