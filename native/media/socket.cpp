#include "media/socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/error.hpp"

namespace framelane::media {
namespace {

constexpr int kBufferBytes = 4 << 20;

void enlarge(int descriptor, int option, int forcedOption) {
  // FORCE needs CAP_NET_ADMIN; the plain option is clamped to net.core.{w,r}mem_max without an error. Either is only speed.
  if (setsockopt(descriptor, SOL_SOCKET, forcedOption, &kBufferBytes, sizeof kBufferBytes) != 0)
    setsockopt(descriptor, SOL_SOCKET, option, &kBufferBytes, sizeof kBufferBytes);
}

bool isDisconnect(int error) { return error == EPIPE || error == ECONNRESET || error == ENOTCONN; }

/// Set as long as it lives.
class Flag {
 public:
  explicit Flag(std::atomic<bool>& flag) : flag_(flag) { flag_.store(true, std::memory_order_relaxed); }
  ~Flag() { flag_.store(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool>& flag_;
};

void advance(std::span<iovec>& parts, size_t bytes) {
  while (!parts.empty() && bytes >= parts.front().iov_len) {
    bytes -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (parts.empty()) return;
  parts.front().iov_base = static_cast<std::byte*>(parts.front().iov_base) + bytes;
  parts.front().iov_len -= bytes;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

size_t Socket::read(std::span<iovec> parts) {
  const Flag waiting(waiting_);
  while (!cancelled()) {
    const ssize_t got = readv(descriptor_.number(), parts.data(), static_cast<int>(parts.size()));
    if (got >= 0) return cancelled() ? 0 : static_cast<size_t>(got);
    if (errno == EINTR) continue;
    if (isDisconnect(errno)) return 0;
    fail("ERR_INTERNAL", std::string("reading frames from FFmpeg: ") + std::strerror(errno));
  }
  return 0;
}

bool Socket::write(std::span<iovec> parts) {
  const Flag waiting(waiting_);
  while (!parts.empty()) {
    if (cancelled()) return false;
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = sendmsg(descriptor_.number(), &message, MSG_NOSIGNAL);
    if (sent >= 0) {
      advance(parts, static_cast<size_t>(sent));
    } else if (isDisconnect(errno)) {
      return false;
    } else if (errno != EINTR) {
      fail("ERR_INTERNAL", std::string("writing frames to FFmpeg: ") + std::strerror(errno));
    }
  }
  return true;
}

void Socket::endWriting() noexcept { shutdown(descriptor_.number(), SHUT_WR); }

void Socket::cancel() noexcept {
  cancelled_.store(true, std::memory_order_release);
  shutdown(descriptor_.number(), SHUT_RDWR);
}

SocketPair makeSocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail("ERR_INTERNAL", std::string("creating a socket pair for FFmpeg: ") + std::strerror(errno));
  for (const int end : ends) {
    enlarge(end, SO_SNDBUF, SO_SNDBUFFORCE);
    enlarge(end, SO_RCVBUF, SO_RCVBUFFORCE);
  }
  return {ends[0], ends[1]};
}

}  // namespace framelane::media
