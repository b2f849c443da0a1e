#pragma once
// The immediate API at once: one or more operations on images, over the same plans as a session. Work is enqueued on the
// device's immediate queue; only a download or `synchronize` waits. What may wait is the recorder's (core/recorder.hpp).
#include <memory>
#include <span>
#include <vector>

#include "core/image.hpp"
#include "core/op.hpp"
#include "core/plan.hpp"

namespace framelane {

using Ops = std::vector<std::shared_ptr<const Op>>;

/// Runs `ops` from `source` into `destination`, which is resized within its capacity and may be the source. `temp` lends
/// its memory for intermediates; without it (or when it is too small) they come from the device's pool.
void applyOps(const Ops& ops, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp, bool fold = true);

/// What applyOps would throw of images and operations that do not go together; the size of the result.
Size checkOps(std::span<const std::shared_ptr<const Op>> ops, const ImageBuffer& source, const ImageBuffer& destination,
              const ImageBuffer* temp);

/// The size of `ops` applied to an image of that size.
Size outputSize(std::span<const std::shared_ptr<const Op>> ops, Size input);

/// What a plan needs beside its frames, from `temp` or the pool. `aside`: room for its output, too.
class Workspace {
 public:
  Workspace(Device& device, const Plan& plan, bool aside, ImageBuffer* temp);

 private:
  friend void runPlan(Device& device, const Plan& plan, const void* from, void* to, const Workspace& workspace);
  Block borrowed_;
  std::byte* data_ = nullptr;
  std::byte* aside_ = nullptr;
};

/// Enqueues it; where the workspace has room for the output, that is copied to `to` at the end.
void runPlan(Device& device, const Plan& plan, const void* from, void* to, const Workspace& workspace);

/// Every sample of the frame, tightly packed. Bytes and floats of RGBA are converted on the device.
void uploadImage(const WriteAccess& image, const void* samples, Element element);
void downloadImage(const ReadAccess& image, void* samples, Element element);

}  // namespace framelane
