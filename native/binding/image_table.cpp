#include "binding/image_table.hpp"

#include "binding/number_argument.hpp"
#include "core/error.hpp"

namespace framelane::binding {

namespace {

/// A number is turn * kPlaces + place, within the 53 bits of a double.
constexpr uint32_t kPlaces = 1 << 24;
constexpr uint32_t kTurns = 1 << 29;

struct Split {
  uint32_t place;
  uint32_t turn;
};

/// Turns begin at 1, so that what is no number of an image has turn 0.
Split split(double number) noexcept {
  if (!isInteger(number, kPlaces, kLargestSafeInteger)) return {0, 0};
  const auto whole = static_cast<uint64_t>(number);
  return {static_cast<uint32_t>(whole % kPlaces), static_cast<uint32_t>(whole / kPlaces)};
}

}  // namespace

double ImageTable::add(std::unique_ptr<HeldImage> image) {
  if (free_ == kNone) {
    if (places_.size() == kPlaces)
      fail("ERR_OUT_OF_MEMORY", "images: there are 16777216 at once, and no more are counted");
    places_.push_back({nullptr, 0, kNone});
    free_ = static_cast<uint32_t>(places_.size() - 1);
  }
  const uint32_t at = free_;
  Place& place = places_[at];
  free_ = place.next;
  place.turn++;
  place.image = std::move(image);
  return place.image->number_ = static_cast<double>(place.turn) * kPlaces + at;
}

void ImageTable::free(double number) noexcept {
  if (HeldImage* image = find(number)) image->release();
}

void ImageTable::remove(double number) noexcept {
  if (!find(number)) return;
  const uint32_t at = split(number).place;
  Place& place = places_[at];
  place.image.reset();
  if (place.turn + 1 == kTurns) return;  // its numbers are used up
  place.next = free_;
  free_ = at;
}

HeldImage* ImageTable::find(double number) const noexcept {
  const auto [at, turn] = split(number);
  return at < places_.size() && places_[at].turn == turn ? places_[at].image.get() : nullptr;
}

const std::shared_ptr<ImageBuffer>& ImageTable::at(double number) const {
  if (const HeldImage* image = find(number)) return image->buffer();
  refuse(number);
}

void ImageTable::refuse(double number) const {
  const auto [at, turn] = split(number);
  const bool freed = turn > 0 && at < places_.size() && turn <= places_[at].turn;
  if (freed) fail("ERR_DISPOSED", "the image has been freed");
  fail("ERR_INVALID_ARGUMENT", "expected an image");
}

}  // namespace framelane::binding
