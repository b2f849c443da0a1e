#pragma once
// Transport and sessions as JavaScript holds them. Closing is explicit; the garbage collector and the end of the
// environment close too.
#include <napi.h>

#include <memory>
#include <optional>
#include <utility>

#include "binding/environment.hpp"
#include "binding/promise_thread.hpp"
#include "core/bound_plan.hpp"
#include "media/frame_sink.hpp"
#include "media/frame_source.hpp"
#include "media/session.hpp"

namespace framelane::binding {

/// Frames from FFmpeg, loaded into images one at a time.
class FrameSourceWrap : public OwnerWrap<FrameSourceWrap> {
 public:
  explicit FrameSourceWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  struct Reader;
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value counts(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<Reader> reader_;
  std::optional<PromiseThread> thread_;  // after what its tasks use
};

/// Images to FFmpeg.
class FrameSinkWrap : public OwnerWrap<FrameSinkWrap> {
 public:
  explicit FrameSinkWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  struct Writer;
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<Writer> writer_;
  std::optional<PromiseThread> thread_;
};

/// FFmpeg to FFmpeg; JavaScript starts, observes and stops.
class SessionWrap : public OwnerWrap<SessionWrap> {
 public:
  explicit SessionWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value setPlans(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value abort(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value failedOutput(const Napi::CallbackInfo& info);
  Napi::Value reading(const Napi::CallbackInfo& info);
  Napi::Value writing(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  friend class FrameTapWrap;
  friend class ResultTapWrap;
  /// The arguments of a tap's constructor: the session and the number of an output.
  static std::pair<std::shared_ptr<media::Session>, size_t> outputArgument(const Napi::CallbackInfo& info);
  std::shared_ptr<media::Session> session_;
  std::optional<PromiseThread> thread_;
};

template <>
struct Tag<SessionWrap> {
  static constexpr napi_type_tag value{0x7d1f5b0c9a2e4c63, 0x9e84f1a7c05b3d28};
};

/// Copies of the frames of a session's output. Holds the session's memory until it is closed.
class FrameTapWrap : public OwnerWrap<FrameTapWrap> {
 public:
  explicit FrameTapWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  struct Watcher;
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<Watcher> watcher_;
  std::optional<PromiseThread> thread_;  // after what its tasks use
};

/// The results of operations for each frame of a session's output.
class ResultTapWrap : public OwnerWrap<ResultTapWrap> {
 public:
  explicit ResultTapWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<media::ResultQueue> queue_;
  std::optional<PromiseThread> thread_;  // after what its tasks use
};

}  // namespace framelane::binding
