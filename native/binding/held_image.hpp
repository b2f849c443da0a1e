#pragma once
#include <memory>

#include "binding/owner.hpp"
#include "core/image.hpp"

namespace framelane::binding {

class ImageTable;

/// An image that a JavaScript object owns: it is freed explicitly, or when the object is found dead. The object is watched and
/// not wrapped: a wrapper's finaliser waits for the event loop, so a loop that makes and frees images would pile them up.
class HeldImage final : public Owner {
 public:
  HeldImage(Napi::Env env, napi_value owner, ImageTable& images, std::shared_ptr<ImageBuffer> image);
  ~HeldImage() override;
  bool isDead() const noexcept override;
  /// Takes the image off the table, which ends this.
  void release() noexcept override;
  const std::shared_ptr<ImageBuffer>& buffer() const { return buffer_; }

 private:
  friend class ImageTable;
  napi_env env_;
  napi_ref owner_ = nullptr;
  ImageTable& images_;
  double number_ = 0;
  std::shared_ptr<ImageBuffer> buffer_;
};

}  // namespace framelane::binding
