#pragma once
// The immediate API: one or more operations on images, over the same plans as a session. Work is enqueued on the device's
// immediate queue; only a download or `synchronize` waits.
#include <memory>
#include <vector>

#include "core/image.hpp"
#include "core/op.hpp"

namespace framelane {

/// Runs `ops` from `source` into `destination`, which is resized within its capacity and may be the source. `temp` lends
/// its memory for intermediates; without it (or when it is too small) they come from the device's pool.
void applyOps(const Ops& ops, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp);

/// The size of `ops` applied to an image of that size.
Size outputSize(const Ops& ops, Size input);

/// Copies pixels between two images, converting formats; `destination` is resized within its capacity.
void copyImage(ImageBuffer& source, ImageBuffer& destination);

/// Every sample of the frame, tightly packed. Bytes and floats of RGBA are converted on the device.
void uploadImage(ImageBuffer& image, const void* samples, Element element);
void downloadImage(ImageBuffer& image, void* samples, Element element);

}  // namespace framelane
