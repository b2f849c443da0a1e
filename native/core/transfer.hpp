#pragma once
// Pixels between the host and an image where a plain upload or download would wait, or moves too much.
#include "core/image.hpp"

namespace framelane {

/// Copies a rectangle between two images of one format on one device, which lies inside both; only enqueues.
void copyRegion(ImageBuffer& source, Point from, ImageBuffer& destination, Point to, Size size);

/// As uploadImage and downloadImage, through pinned memory where the device has its own: for a thread that may wait.
void uploadStaged(const WriteAccess& image, const void* samples, Element element);
void downloadStaged(const ReadAccess& image, void* samples, Element element);

}  // namespace framelane
