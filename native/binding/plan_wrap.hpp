#pragma once
#include <napi.h>

#include <memory>

#include "binding/environment.hpp"
#include "core/bound_plan.hpp"

namespace framelane::binding {

/// A compiled plan as JavaScript holds it, with the images it uses; sessions take the shared plan out of it.
class PlanWrap : public OwnerWrap<PlanWrap> {
 public:
  explicit PlanWrap(const Napi::CallbackInfo& info);
  void release() noexcept override;
  /// ERR_DISPOSED once it is freed.
  const std::shared_ptr<const BoundPlan>& plan() const;
  const std::shared_ptr<Device>& device() const { return device_; }
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value free(const Napi::CallbackInfo& info);
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value benchmark(const Napi::CallbackInfo& info);
  Napi::Value output(const Napi::CallbackInfo& info);
  Napi::Value passthrough(const Napi::CallbackInfo& info);
  Napi::Value opaque(const Napi::CallbackInfo& info);
  Napi::Value workspaceBytes(const Napi::CallbackInfo& info);
  std::shared_ptr<const BoundPlan> plan_;
  std::vector<NamedInput> inputs_;  // beside that of the frames
  std::shared_ptr<Device> device_;
};

template <>
struct Tag<PlanWrap> {
  static constexpr napi_type_tag value{0x6c1d3c1bb0e64f7a, 0x9e1f5b7d2a4c8831};
};

}  // namespace framelane::binding
