#pragma once
// Writes one stream of raw video as NUT for FFmpeg's demuxer, in the pipe mode of NUT 4: one syncpoint at the start and none
// after it, so that FFmpeg does not collect one per frame.
#include <span>
#include <string>

#include "media/nut_fields.hpp"
#include "media/nut_format.hpp"
#include "media/socket.hpp"

namespace framelane::media {

class NutWriter {
 public:
  /// `frameRate` is a hint for FFmpeg (0/1: unknown); timestamps decide.
  NutWriter(Socket& socket, const NutStream& stream, Rational frameRate);
  /// Blocks until the frame is taken. False when FFmpeg has closed its end, and after cancel(). `pts` is not negative.
  bool frame(int64_t pts, std::span<const std::byte> data);

 private:
  void headers(int64_t firstPts);
  void packet(uint64_t startcode, FieldWriter& fields);

  Socket& socket_;
  NutStream stream_;
  Rational frameRate_;
  FieldWriter head_;
  bool started_ = false;
};

}  // namespace framelane::media
