#include <poll.h>

#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/media/arguments.hpp"
#include "binding/media/wraps.hpp"
#include "media/socket.hpp"

namespace framelane::binding {

namespace {

Napi::Value socketPair(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const media::SocketPair pair = media::makeSocketPair();
  auto result = Napi::Object::New(env);
  result["local"] = Napi::Number::New(env, pair.local);
  result["remote"] = Napi::Number::New(env, pair.remote);
  return result;
}

Napi::Value closeDescriptor(const Napi::CallbackInfo& info) {
  descriptorArgument(info[0], "descriptor");
  return info.Env().Undefined();
}

/// Whether a write would not block: the pipe has room, or its reader has closed it.
Napi::Value takesMore(const Napi::CallbackInfo& info) {
  const double number = numberOr(info[0]);
  require(isInteger(number, 0, INT32_MAX), "ERR_INVALID_ARGUMENT", "descriptor: expected a file descriptor");
  pollfd descriptor{static_cast<int>(number), POLLOUT, 0};
  return Napi::Boolean::New(info.Env(), poll(&descriptor, 1, 0) != 0);
}

}  // namespace

void exportMedia(Napi::Env env, Napi::Object exports) {
  exportFunction<socketPair>(env, exports, "socketPair");
  exportFunction<closeDescriptor>(env, exports, "closeDescriptor");
  exportFunction<takesMore>(env, exports, "takesMore");
  exports["FrameSourceHandle"] = FrameSourceWrap::define(env);
  exports["FrameSinkHandle"] = FrameSinkWrap::define(env);
  exports["SessionHandle"] = SessionWrap::define(env);
  exports["FrameTapHandle"] = FrameTapWrap::define(env);
  exports["ResultTapHandle"] = ResultTapWrap::define(env);
}

}  // namespace framelane::binding
