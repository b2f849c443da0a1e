#pragma once
// The images of an environment by number. A call that passes numbers crosses in a sixth of the time that checked objects take.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/image.hpp"

namespace framelane::binding {

class ImageWrap;

/// An image's number is its place and how often that place has been given away: one that was freed is never taken for the
/// image that has its place now. 0 is no image. Numbers are doubles, as JavaScript has them.
class ImageTable {
 public:
  /// The number by which the image is found until it is removed.
  double add(ImageWrap* image);
  /// What has no place any more, or never had, is left alone.
  void remove(double number) noexcept;
  /// ERR_DISPOSED for one that has been removed, ERR_INVALID_ARGUMENT for what never was a number of an image.
  ImageWrap& at(double number) const {
    if (ImageWrap* image = find(number)) return *image;
    refuse(number);
  }
  std::shared_ptr<ImageBuffer> buffer(double number) const;
  /// None for what `at` refuses.
  ImageWrap* find(double number) const noexcept;

 private:
  struct Place {
    ImageWrap* image;
    uint32_t turn;  // how often the place has been given away
    uint32_t next;  // of the free places
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  [[noreturn]] void refuse(double number) const;
  std::vector<Place> places_;
  uint32_t free_ = kNone;
};

}  // namespace framelane::binding
