#pragma once
// Pixels between the host and an image where a plain upload or download would wait, or moves too much.
#include <exception>
#include <memory>
#include <mutex>

#include "core/immediate.hpp"

namespace framelane {

/// Copies a rectangle between two images of one format on one device, which lies inside both; only enqueues.
void copyRegion(ImageBuffer& source, Point from, ImageBuffer& destination, Point to, Size size,
                const std::shared_ptr<Stream>& stream);

/// As uploadImage, through pinned memory where the device has its own: for a thread that may wait.
void uploadStaged(const WriteAccess& image, const void* samples, Element element);

/// A copy of an image's present samples, for a thread that may wait. On a device the copy is enqueued here, so later writes of
/// the image run after it. Where device memory is host memory, there is no queue, and copying here would block JavaScript: the
/// waiting thread copies, or the next writer of the image does if that thread has not begun.
class Snapshot {
 public:
  Snapshot(const ReadAccess& image, void* samples, Element element);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  /// The samples are there. Throws what went wrong.
  void wait();
  /// The image's memory is no longer read, or, on a device, is before anything that is enqueued from here on.
  void release() noexcept;

 private:
  void settle() noexcept;
  void finish();

  std::shared_ptr<Device> device_;
  std::shared_ptr<Stream> stream_;
  Download download_;
  void* samples_;
  Block staging_;  // where the device cannot reach the samples
  std::unique_ptr<Event> enqueued_;
  std::once_flag once_;
  std::exception_ptr error_;
};

}  // namespace framelane
