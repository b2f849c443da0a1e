#pragma once
// The images of an environment by number. A call that passes numbers crosses in a sixth of the time that checked objects take.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "binding/held_image.hpp"

namespace framelane::binding {

/// An image's number combines its place and the number of times that place has been reused, so the number of a freed image never
/// finds the image now in its place. 0 is no image. Numbers are doubles, as in JavaScript.
class ImageTable {
 public:
  /// The number by which the image is found until it is removed.
  double add(std::unique_ptr<HeldImage> image);
  /// Both ignore unknown numbers. free() releases the image; remove() destroys the entry, as the owner's finaliser does.
  void free(double number) noexcept;
  void remove(double number) noexcept;
  /// ERR_DISPOSED for one that has been removed, ERR_INVALID_ARGUMENT for what never was a number of an image.
  const std::shared_ptr<ImageBuffer>& at(double number) const;

 private:
  struct Place {
    std::unique_ptr<HeldImage> image;
    uint32_t turn = 0;  // how often the place has been given away
    uint32_t next = 0;  // of the free places
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  HeldImage* find(double number) const noexcept;
  [[noreturn]] void refuse(double number) const;
  std::vector<Place> places_;
  uint32_t free_ = kNone;
};

}  // namespace framelane::binding
