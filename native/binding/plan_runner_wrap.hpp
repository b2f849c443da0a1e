#pragma once
#include <napi.h>

#include <memory>
#include <optional>

#include "binding/owner.hpp"
#include "binding/promise_thread.hpp"

namespace framelane::binding {

/// Runs plans from image to image on a thread and a queue of its own, and returns the time of each pass.
class PlanRunnerWrap : public OwnerWrap<PlanRunnerWrap> {
 public:
  explicit PlanRunnerWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  static Napi::Function define(Napi::Env env);

 private:
  struct Runner;
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  std::shared_ptr<Runner> runner_;
  size_t workspaceBytes_ = 0;
  std::optional<PromiseThread> thread_;  // after what its tasks use
};

}  // namespace framelane::binding
