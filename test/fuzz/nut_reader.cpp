// libFuzzer on the reader of frames from FFmpeg: whatever the bytes, it returns frames or an Error. Every mutation gets its
// checksums mended, or the reader would look no further than those.
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "media/crc.hpp"
#include "media/nut_reader.hpp"
#include "media/nut_writer.hpp"

using namespace framelane;
using namespace framelane::media;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t maxSize);

namespace {

constexpr size_t kMostBytes = 1 << 16;  // less than a socket holds, so one thread can write and read

/// Without the large buffers, which take longer to make than most inputs to read.
SocketPair plainPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) std::abort();
  return {ends[0], ends[1]};
}

std::vector<std::byte> received(int descriptor) {
  std::vector<std::byte> bytes(kMostBytes);
  const ssize_t got = recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

/// What our writer makes of a few small frames.
std::vector<std::byte> written(PixelFormat format, int frames) {
  const FrameShape shape{format, 6, 4};
  const SocketPair pair = plainPair();
  const Descriptor remote(pair.remote);
  Socket socket{Descriptor(pair.local)};
  NutWriter writer(socket, {format, shape.width, shape.height, {1, 1000}, {1, 1}}, {25, 1});
  const std::vector<std::byte> pixels(frameBytes(shape), std::byte{0x55});
  for (int i = 0; i < frames; i++) writer.frame(i * 40, pixels);
  return received(remote.number());
}

void readAll(std::span<const uint8_t> data) {
  const SocketPair pair = plainPair();
  {
    const Descriptor remote(pair.remote);
    if (send(remote.number(), data.data(), data.size(), MSG_DONTWAIT) != static_cast<ssize_t>(data.size())) return;
  }
  Socket socket{Descriptor(pair.local)};
  NutReader reader(socket);
  if (!reader.open()) return;
  std::vector<std::byte> frame;
  while (const auto head = reader.next()) {
    if (head->bytes > kMostBytes) return;  // a source refuses what is not its shape's size
    frame.resize(head->bytes);
    reader.payload(frame);
  }
}

struct Bytes {
  std::span<uint8_t> data;
  size_t next = 0;
  uint8_t byte() {
    if (next >= data.size()) fail("ERR_STREAM_TRUNCATED", "the end");
    return data[next++];
  }
};

/// The checksum of each packet that starts where an 'N' is.
void mendChecksums(std::span<uint8_t> data) {
  for (size_t i = 0; i + 12 < data.size(); i++) {
    if (data[i] != 'N') continue;
    try {
      Bytes bytes{data, i + 8};
      const uint64_t length = readUnsigned(bytes);
      if (length > nut::kLongPacket) bytes.next += 4;
      if (length < 4 || bytes.next > data.size() || length > data.size() - bytes.next) continue;
      const auto body = data.subspan(bytes.next, length - 4);
      const uint32_t sum = nutChecksum(std::as_bytes(body));
      for (int j = 0; j < 4; j++) data[bytes.next + length - 4 + j] = static_cast<uint8_t>(sum >> (24 - 8 * j));
    } catch (const Error&) {
    }
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t maxSize, unsigned seed) {
  std::minstd_rand random(seed);
  for (unsigned i = 0, times = 1 + random() % 4; i < times; i++) size = LLVMFuzzerMutate(data, size, maxSize);
  if (random() % 16 != 0) mendChecksums({data, size});
  return size;
}

/// Puts the seeds into the corpora that are named.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; i++) {
    const std::filesystem::path corpus((*argv)[i]);
    if (!std::filesystem::is_directory(corpus)) continue;
    for (const RawTag& row : kRawTags) {
      const auto bytes = written(row.format, 3);
      std::ofstream file(corpus / ("seed-" + std::to_string(row.tag)), std::ios::binary);
      file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    break;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    readAll({data, size});
  } catch (const Error&) {
    // what a wrong stream is to end in
  }
  return 0;
}
