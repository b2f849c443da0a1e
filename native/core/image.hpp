#pragma once
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "core/device.hpp"
#include "core/format.hpp"
#include "core/ordered_block.hpp"

namespace framelane {

class Recorder;  // core/recorder.hpp
class Snapshot;  // core/transfer.hpp

/// An image's pixels in memory, after the calls recorded for them have been enqueued, and in the order of a stream. It may be
/// passed to a native thread: it keeps the memory and the size, even if the image is resized or freed.
class ReadAccess {
 public:
  ReadAccess(std::shared_ptr<Device> device, std::shared_ptr<Stream> stream, std::shared_ptr<const OrderedBlock> block,
             const FrameShape& shape)
      : device_(std::move(device)), stream_(std::move(stream)), block_(std::move(block)), shape_(shape) {}
  const std::shared_ptr<Device>& device() const { return device_; }
  /// Where its use is to be enqueued.
  Stream& stream() const { return *stream_; }
  const std::shared_ptr<Stream>& sharedStream() const { return stream_; }
  const void* data() const { return block_->data(); }
  const FrameShape& shape() const { return shape_; }
  PixelFormat format() const { return shape_.format; }
  Size size() const { return shape_.size(); }
  size_t bytes() const { return frameBytes(shape_); }
  Frame frame() const { return frameAt(block_->data(), shape_); }
  Plane plane() const { return frame().planes[0]; }

 protected:
  std::shared_ptr<Device> device_;
  std::shared_ptr<Stream> stream_;
  std::shared_ptr<const OrderedBlock> block_;
  FrameShape shape_;
};

/// As above, to be changed.
class WriteAccess : public ReadAccess {
 public:
  using ReadAccess::ReadAccess;
  void* data() const { return block_->data(); }
};

/// Pixels of an Image (rgbaf32), an ImageU8 (rgba8) or a Frame (any format): fixed capacity, adjustable size. Recorded
/// operations may still be waiting: taking an access to its memory runs them. For JavaScript's thread.
class ImageBuffer {
 public:
  ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape);
  /// Over memory that others use, too, so its calls are never deferred. The memory has room for the shape.
  ImageBuffer(std::shared_ptr<Device> device, const FrameShape& shape, std::shared_ptr<const OrderedBlock> memory);
  ImageBuffer(const ImageBuffer&) = delete;
  ImageBuffer& operator=(const ImageBuffer&) = delete;
  const std::shared_ptr<Device>& device() const { return device_; }
  PixelFormat format() const { return shape_.format; }
  Size size() const { return shape_.size(); }
  size_t capacityPixels() const { return capacityPixels_; }
  size_t capacityBytes() const { return block_->bytes(); }
  size_t bytes() const { return frameBytes(shape_); }
  const FrameShape& shape() const { return shape_; }
  /// Logical only: no pixel moves. ERR_CAPACITY_EXCEEDED beyond the capacity.
  void resize(Size size);
  /// ERR_CAPACITY_EXCEEDED where resize() would throw it.
  void requireRoom(Size size) const;

  /// Without a stream it is the immediate one, here and below.
  ReadAccess read() const { return read(device_->immediate); }
  ReadAccess read(const std::shared_ptr<Stream>& stream) const;
  /// As an operand of a plan: useOn() follows, where the plan is run.
  Plane plane() const;
  /// Puts its memory in the order of the stream.
  void useOn(const std::shared_ptr<Stream>& stream) const { block_->useOn(stream); }
  /// After a use there is enqueued: native threads that know the image follow the immediate stream.
  void leave(const Stream& stream) const { block_->leave(stream); }
  const std::shared_ptr<const OrderedBlock>& block() const { return block_; }
  /// Begins to copy its present pixels to host memory, which must stay valid until the copy has been waited for.
  std::shared_ptr<Snapshot> snapshot(void* samples, Element element, const std::shared_ptr<Stream>& stream) const;
  /// To change some of it.
  WriteAccess write() { return write(device_->immediate); }
  WriteAccess write(const std::shared_ptr<Stream>& stream);
  /// To change all of it, where the change may fail or be cancelled.
  WriteAccess refill() { return refill(device_->immediate); }
  WriteAccess refill(const std::shared_ptr<Stream>& stream);
  /// Lets `fill` set every pixel at a new size. Recorded calls whose result would be overwritten are dropped, so the image has no
  /// pixels if `fill` fails.
  template <class Fill>
  void overwrite(Size size, const std::shared_ptr<Stream>& stream, const Fill& fill) {
    const WriteAccess pixels = replace(size, stream);
    try {
      fill(pixels);
    } catch (const std::exception& error) {
      lose(error.what());
      throw;
    }
  }
  /// The whole capacity as working memory; the pixels are lost.
  WriteAccess scratch(const std::shared_ptr<Stream>& stream);

  /// Who else may use the memory at any time from now on, so that calls on the image may not be deferred.
  enum class Exposure : uint8_t {
    none,
    read,   // plans and their sessions: writers run at once
    write,  // JavaScript, through the memory itself: readers run at once, too
  };
  WriteAccess expose(Exposure exposure) const;

  /// ERR_DEVICE_LOST where what was to fill it has failed.
  void requireKept() const;
  /// What is recorded for it is dropped, what reads it is run. A failure waits for the next call.
  static void free(std::shared_ptr<ImageBuffer> image) noexcept;
  /// The same at the next call: finalisers may not work.
  static void freeLater(std::shared_ptr<ImageBuffer> image) noexcept;

 private:
  friend class Recorder;
  friend struct Chain;
  /// Chains of its recorder by their numbers.
  struct Pending {
    Recorder* recorder = nullptr;  // while there are any
    int8_t writer = -1;
    uint8_t readers = 0;  // a bit for each
  };
  WriteAccess replace(Size size, const std::shared_ptr<Stream>& stream);
  void lose(const char* why);
  void launchReaders() const;
  void launchAll() const;
  /// Before the memory is written: those that have not been read are.
  void releaseSnapshots() const;
  WriteAccess toWrite(const std::shared_ptr<Stream>& stream) const;
  WriteAccess access(const std::shared_ptr<Stream>& stream) const {
    useOn(stream);
    return {device_, stream, block_, shape_};
  }

  std::shared_ptr<Device> device_;
  FrameShape shape_;
  size_t capacityPixels_;
  std::shared_ptr<const OrderedBlock> block_;
  mutable Pending pending_;
  mutable Exposure exposure_ = Exposure::none;
  std::shared_ptr<const std::string> lost_;  // why
  mutable std::vector<std::weak_ptr<Snapshot>> snapshots_;
};

/// Each side 1..32768, ERR_INVALID_SIZE otherwise.
void checkImageSize(Size size);

}  // namespace framelane
