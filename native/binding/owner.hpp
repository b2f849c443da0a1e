#pragma once
// JavaScript objects that hold much memory. V8 sees only small wrappers, so the memory of each is
// reported to it. Once V8 has found one dead, the next allocation frees its memory (core/collector.hpp says why not the
// finaliser).
#include <napi.h>

#include <list>
#include <memory>

#include "binding/guarded.hpp"
#include "core/collector.hpp"

namespace framelane::binding {

class Owner;

/// The owners of one environment.
class Owners final : public Collector {
 public:
  explicit Owners(Napi::Env env) : env_(env) {}
  ~Owners() override;
  Owners(const Owners&) = delete;
  Owners& operator=(const Owners&) = delete;
  void freeDead() noexcept override;
  void collect() noexcept override;

 private:
  friend class Owner;
  static constexpr int64_t kLeastLimit = 256 << 20;
  /// Whether the collector has run since the last call.
  bool hasCollected() noexcept;
  void releaseDead() noexcept;
  /// Tells V8, which collects when enough has come together.
  void adjust(int64_t bytes) noexcept;
  void watch() noexcept;
  napi_env env_;
  std::list<Owner*> all_;
  napi_ref sentinel_ = nullptr;  // to a dead object: empty after the next collection of any kind
  int64_t bytes_ = 0;
  int64_t limit_ = kLeastLimit;
};

class Owner {
 public:
  explicit Owner(Napi::Env env);
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  virtual ~Owner();
  virtual bool isDead() const noexcept = 0;
  /// Lets go of what it holds, as the destructor would. Work under way holds what it needs itself.
  virtual void release() noexcept = 0;

 protected:
  /// How much it holds from now on.
  void holds(size_t bytes) noexcept;

 private:
  std::shared_ptr<Owners> owners_;  // may outlive its environment's data
  std::list<Owner*>::iterator place_;
  int64_t bytes_ = 0;
};

/// A wrapped class whose objects are owners.
template <class Wrap>
class OwnerWrap : public GuardedWrap<Wrap>, public Owner {
 public:
  explicit OwnerWrap(const Napi::CallbackInfo& info) : GuardedWrap<Wrap>(info), Owner(info.Env()) {}
  bool isDead() const noexcept final {
    napi_value object = nullptr;
    return napi_get_reference_value(GuardedWrap<Wrap>::Env(), *this, &object) == napi_ok && object == nullptr;
  }
};

}  // namespace framelane::binding
