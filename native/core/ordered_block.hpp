#pragma once
// Memory that streams use in turn: each use comes after the one before it, whichever stream that was on.
#include <memory>
#include <utility>

#include "core/error.hpp"
#include "core/memory.hpp"
#include "core/stream.hpp"

namespace framelane {

/// The stream that used something last. One is enough for readers and writers: readers on several streams run one after the
/// other, too. For one thread at a time.
class LastUse {
 public:
  /// Memory from a pool, and what is uploaded there, is the immediate stream's at first.
  explicit LastUse(std::shared_ptr<Stream> immediate) : stream_(std::move(immediate)) {}
  const std::shared_ptr<Stream>& stream() const { return stream_; }
  /// Before `next` enqueues a use: nothing waits but that stream, on the device.
  void moveTo(const std::shared_ptr<Stream>& next) {
    if (stream_ == next) return;
    stream_->precede(next->queue());
    stream_ = next;
  }

 private:
  std::shared_ptr<Stream> stream_;
};

/// A block of a pool with its last use. It goes back to the pool after that, in the order of the immediate stream.
class OrderedBlock {
 public:
  OrderedBlock(std::shared_ptr<Stream> immediate, Block block)
      : immediate_(std::move(immediate)), last_(immediate_), block_(std::move(block)) {}
  /// A part of another one: they have one last use.
  OrderedBlock(std::shared_ptr<const OrderedBlock> whole, Block part)
      : immediate_(whole->immediate_), last_(immediate_), block_(std::move(part)), whole_(std::move(whole)) {}
  OrderedBlock(const OrderedBlock&) = delete;
  OrderedBlock& operator=(const OrderedBlock&) = delete;
  ~OrderedBlock() {
    try {
      last_.moveTo(immediate_);
    } catch (const Error&) {
      // The device has failed: its next call says so.
    }
  }
  void* data() const { return block_.data(); }
  size_t bytes() const { return block_.bytes(); }
  /// Before a use on that stream is enqueued.
  void useOn(const std::shared_ptr<Stream>& stream) const { owner().last_.moveTo(stream); }
  /// The stream that used it last; the immediate one where that has ended.
  const std::shared_ptr<Stream>& lastStream() const {
    if (owner().last_.stream()->ended()) useOn(immediate_);
    return owner().last_.stream();
  }
  /// From now on native threads use it, too. They follow the immediate stream.
  void watch() const { owner().watched_ = true; }
  /// After a use there is enqueued.
  void leave(const Stream& stream) const {
    if (owner().watched_ && !stream.isImmediate()) useOn(immediate_);
  }

 private:
  const OrderedBlock& owner() const { return whole_ ? *whole_ : *this; }
  std::shared_ptr<Stream> immediate_;
  mutable LastUse last_;
  mutable bool watched_ = false;
  Block block_;
  std::shared_ptr<const OrderedBlock> whole_;
};

}  // namespace framelane
