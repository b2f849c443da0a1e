#include "binding/owner.hpp"

#include <algorithm>
#include <vector>

#include "binding/environment.hpp"

namespace framelane::binding {

Owners::~Owners() {
  std::erase(collectors(), this);
  if (sentinel_) napi_delete_reference(env_, sentinel_);
}

void Owners::freeDead() noexcept {
  // V8 collects by itself when some 64 MB have come together, but in a large heap it takes its time: a loop is faster.
  if (bytes_ <= limit_) {
    if (hasCollected()) releaseDead();
    return;
  }
  for (int i = 0; i < kCollections && bytes_ > limit_; i++) collect();
  // As the heap of a collector grows: what survives may double, so that the work is a constant share.
  limit_ = std::max(kLeastLimit, 2 * bytes_);
}

void Owners::releaseDead() noexcept {
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return;
  for (auto next = all_.begin(); next != all_.end();) {
    Owner* owner = *next++;  // what is released may be gone
    if (owner->isDead()) owner->release();
  }
  napi_close_handle_scope(env_, scope);
}

void Owners::collect() noexcept {
  // As much external memory as no machine has: V8 collects everything before the call returns.
  constexpr int64_t kTooMuch = int64_t{1} << 46;
  adjust(kTooMuch);
  adjust(-kTooMuch);
  releaseDead();
}

void Owners::adjust(int64_t bytes) noexcept {
  // The plain call: that of node-addon-api throws, which a destructor must not while a worker is being terminated.
  int64_t total = 0;
  napi_adjust_external_memory(env_, bytes, &total);
}

bool Owners::hasCollected() noexcept {
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return false;
  napi_value object = nullptr;
  const bool known = sentinel_ && napi_get_reference_value(env_, sentinel_, &object) == napi_ok;
  if (!known || object == nullptr) watch();
  napi_close_handle_scope(env_, scope);
  return known && object == nullptr;
}

void Owners::watch() noexcept {
  if (sentinel_) napi_delete_reference(env_, sentinel_);
  sentinel_ = nullptr;
  napi_value object = nullptr;
  if (napi_create_object(env_, &object) == napi_ok) napi_create_reference(env_, object, 0, &sentinel_);
}

Owner::Owner(Napi::Env env) : owners_(Environment::of(env).owners) {
  place_ = owners_->all_.insert(owners_->all_.end(), this);
}

Owner::~Owner() {
  holds(0);
  owners_->all_.erase(place_);
}

void Owner::holds(size_t bytes) noexcept {
  const auto now = static_cast<int64_t>(bytes);
  if (now == bytes_) return;
  owners_->bytes_ += now - bytes_;
  owners_->adjust(now - bytes_);
  bytes_ = now;
}

}  // namespace framelane::binding
