#pragma once
// The immediate API at once: one or more operations on images, over the same plans as a session. Work is enqueued on the
// device's immediate stream, or on another one; only a download or `synchronize` waits. What may wait is the recorder's (core/recorder.hpp).
#include <memory>
#include <optional>
#include <span>

#include "core/bound_plan.hpp"
#include "core/image.hpp"

namespace framelane {

using OpSpan = std::span<const std::shared_ptr<const Op>>;

/// Runs operations from `source` into `destination`, which is resized within its capacity and may be the source. `temp` lends
/// its memory for intermediates; without it (or when it is too small) they come from the device's pool.
void applyOps(const Graph& graph, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp,
              const std::shared_ptr<Stream>& stream, bool fold = true);

/// What a call of a list of operations is to its images.
struct CallTraits {
  Size size;               // of the result
  bool reads = true;       // the source
  bool pointLike = true;   // every operation
  bool viewFirst = false;  // the first operation is a view,
  bool viewLater = false;  // another one
  size_t operands = 0;
};

/// On a source of that size. ERR_INVALID_SIZE where an operation makes no image that can be.
CallTraits callTraits(OpSpan ops, Size source);

/// The same where operations may branch, and nothing waits.
CallTraits callTraits(const Graph& graph, Size source);

/// Throws what applyOps would of images and operations that do not go together.
void checkOps(OpSpan ops, const CallTraits& traits, const ImageBuffer& source, const ImageBuffer& destination,
              const ImageBuffer* temp);

/// The size of operations applied to an image of that size.
Size outputSize(const Graph& graph, Size input);

/// What a plan needs beside its frames, from `temp`, the pool or the stream. `aside`: room for its output, too.
class RunMemory {
 public:
  RunMemory(Device& device, const std::shared_ptr<Stream>& stream, const BoundPlan& plan, bool aside,
            ImageBuffer* temp);

 private:
  friend void runPlan(const std::shared_ptr<Stream>& stream, const BoundPlan& plan, const void* from, void* to,
                      const RunMemory& memory, void* second);
  Block borrowed_;
  std::byte* data_ = nullptr;
  std::byte* aside_ = nullptr;
};

/// Enqueues it; where the memory has room for the output, that is copied to `to` at the end.
void runPlan(const std::shared_ptr<Stream>& stream, const BoundPlan& plan, const void* from, void* to,
             const RunMemory& memory, void* second = nullptr);

/// The operation's result for the image, RGBA of bytes or floats. Waits for it.
std::vector<std::byte> measureImage(const std::shared_ptr<const Op>& op, const ReadAccess& image);

/// Every sample of the frame, tightly packed. Bytes and floats of RGBA are converted on the device.
void uploadImage(const WriteAccess& image, const void* samples, Element element);
/// What is recorded for the image is dropped.
void uploadImage(ImageBuffer& image, const void* samples, Element element, const std::shared_ptr<Stream>& stream);

/// The constructor does everything in a download that can fail, except the device's work itself.
class Download {
 public:
  Download(const ReadAccess& image, Element element);
  size_t bytes() const { return plan_ ? frameBytes(plan_->output()) : image_.bytes(); }
  /// Under the mutex of the image's stream. The object must live until that has been waited for.
  void enqueue(void* samples) const;

 private:
  ReadAccess image_;
  std::optional<BoundPlan> plan_;
  std::optional<OrderedBlock> converted_;
};

void downloadImage(const ReadAccess& image, void* samples, Element element);

}  // namespace framelane
