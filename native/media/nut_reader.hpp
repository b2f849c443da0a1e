#pragma once
// Reads what FFmpeg's NUT muxer writes for one stream of raw video.
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "media/byte_reader.hpp"
#include "media/nut_format.hpp"

namespace framelane::media {

class NutReader {
 public:
  struct FrameHead {
    int64_t pts = 0;  // in ticks of the stream's time base
    size_t bytes = 0;
  };

  explicit NutReader(Socket& socket) : input_(socket) {}
  /// Reads the headers. Empty when the stream ends before the first of them.
  std::optional<NutStream> open();
  /// The next frame, whose payload must be read before the one after it; empty at the end.
  std::optional<FrameHead> next();
  /// `destination` has exactly the head's bytes.
  void payload(std::span<std::byte> destination);

 private:
  struct FrameCode {
    uint64_t flags = 0;
    int64_t ptsDelta = 0;
    uint64_t sizeMul = 1;
    uint64_t sizeLsb = 0;
    uint64_t reserved = 0;
    uint64_t headerIndex = 0;
  };

  std::span<const std::byte> packet(uint64_t startcode);
  void parseMain(std::span<const std::byte> body);
  void parseFrameCodes(class FieldReader& fields);
  NutStream parseStream(std::span<const std::byte> body);
  void parseSyncpoint(std::span<const std::byte> body);
  FrameHead frameHead(uint8_t code);
  int64_t fullPts(uint64_t coded) const;

  ByteReader input_;
  std::vector<std::byte> body_;  // of the current packet, reused
  std::vector<Rational> timeBases_;
  std::array<FrameCode, 256> codes_;
  std::vector<std::vector<std::byte>> elided_{1};  // starts of small frames that are not sent again; the first is empty
  std::span<const std::byte> prefix_;              // of the current frame
  NutStream stream_;
  int ptsShift_ = 0;
  int64_t lastPts_ = 0;
};

}  // namespace framelane::media
