#include "binding/held_image.hpp"

#include "binding/image_table.hpp"
#include "core/error.hpp"

namespace framelane::binding {

HeldImage::HeldImage(Napi::Env env, napi_value owner, ImageTable& images, std::shared_ptr<ImageBuffer> image)
    : Owner(env), env_(env), images_(images), buffer_(std::move(image)) {
  // Where nothing is allocated after a collection, the event loop's next turn frees what is dead.
  const auto finalize = [](napi_env, void* data, void*) {
    const auto* image = static_cast<HeldImage*>(data);
    image->images_.remove(image->number_);
  };
  if (napi_add_finalizer(env_, owner, this, finalize, nullptr, &owner_) != napi_ok)
    fail("ERR_INVALID_ARGUMENT", "owner: expected an object");
  holds(buffer_->capacityBytes());
}

HeldImage::~HeldImage() {
  if (buffer_) ImageBuffer::freeLater(std::move(buffer_));
  // Takes back the finaliser, too, even one that waits for its turn.
  if (owner_) napi_delete_reference(env_, owner_);
}

bool HeldImage::isDead() const noexcept {
  napi_value object = nullptr;
  return napi_get_reference_value(env_, owner_, &object) == napi_ok && object == nullptr;
}

void HeldImage::release() noexcept {
  ImageBuffer::free(std::move(buffer_));
  images_.remove(number_);
}

}  // namespace framelane::binding
