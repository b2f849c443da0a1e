#pragma once
// The immediate API is lazy: it records point-like calls in chains and runs them when their pixels are needed. Only this class
// decides which calls may be deferred. Each JavaScript environment has one and uses it on its own thread.
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/chain.hpp"
#include "core/collector.hpp"
#include "core/immediate.hpp"

namespace framelane {

/// When recorded calls run; every choice is correct.
struct RecordPolicy {
  enum class Mode { deferred, eager, random };
  Mode mode = Mode::deferred;
  uint64_t seed = 1;         // random: which chains are run after a call
  bool fold = true;          // affine operations become one matrix with their neighbours
  uint64_t failLaunch = 0;   // the launch, from the next one on, that fails; 0: none
  uint64_t faultLaunch = 0;  // the launch whose work fails at the next wait; 0: none
};

struct RecordStats {
  uint64_t recorded = 0;  // deferred calls
  uint64_t launched = 0;  // chains that were run
  uint64_t passes = 0;    // of those chains
  uint64_t killed = 0;    // stores dropped because they were overwritten unread
};

class Recorder final : public Collector {
 public:
  Recorder();
  ~Recorder() override;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// As applyOps. Throws for a wrong call before anything has changed.
  /// Without a stream it is the immediate one; a call on any other is run at once.
  void apply(const Graph& graph, const std::shared_ptr<ImageBuffer>& source,
             const std::shared_ptr<ImageBuffer>& destination, ImageBuffer* temp, const std::shared_ptr<Stream>& stream);
  void apply(const std::shared_ptr<const Op>& op, const std::shared_ptr<ImageBuffer>& source,
             const std::shared_ptr<ImageBuffer>& destination, ImageBuffer* temp,
             const std::shared_ptr<Stream>& stream) {
    applyList(OpSpan(&op, 1), source, destination, temp, stream);
  }
  /// As copyImage.
  void copy(const std::shared_ptr<ImageBuffer>& source, const std::shared_ptr<ImageBuffer>& destination,
            const std::shared_ptr<Stream>& stream) {
    if (source != destination) applyList(OpSpan(), source, destination, nullptr, stream);
  }
  /// Runs everything. Throws the first failure, including that of an earlier call that could not throw.
  void flush();
  /// Runs what writes the image.
  void launchFor(const ImageBuffer& image);
  void setPolicy(const RecordPolicy& policy);
  const RecordPolicy& policy() const { return policy_; }
  const RecordStats& stats() const { return stats_; }
  /// `stack` returns JavaScript's stack; called at each recorded call.
  void trace(std::function<std::string()> stack) { stack_ = std::move(stack); }
  /// Numbers a call that is not recorded here, for errors.
  RecordedCall number(const char* name) { return {++call_, name, stack_ ? stack_() : std::string()}; }

  // Of Collector.
  void freeDead() noexcept override { sweep(); }
  void collect() noexcept override;

 private:
  friend class ImageBuffer;
  static constexpr size_t kChains = 8;

  struct Call {
    OpSpan ops;
    CallTraits traits;
    /// Empty where no operation has operands, which saves a loop over all of them.
    OpSpan withOperands() const { return traits.operands > 0 ? ops : OpSpan(); }
  };

  void applyList(OpSpan ops, const std::shared_ptr<ImageBuffer>& source,
                 const std::shared_ptr<ImageBuffer>& destination, ImageBuffer* temp,
                 const std::shared_ptr<Stream>& stream);
  void begin();
  /// The operations of a call, for errors.
  void note(OpSpan ops, std::vector<RecordedCall>& calls) const;
  void applyNow(const Graph& graph, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp,
                const std::shared_ptr<Stream>& stream);
  Chain& record(const Call& call, const std::shared_ptr<ImageBuffer>& source,
                const std::shared_ptr<ImageBuffer>& destination);
  Chain* makeWay(const Call& call, ImageBuffer& source, ImageBuffer& destination);
  static bool mayWait(const Call& call, const ImageBuffer& source, const ImageBuffer& destination);
  static bool takes(const Chain& chain, const Call& call, const ImageBuffer& source, const ImageBuffer& destination);
  void freeSlot();
  Chain& open(const std::shared_ptr<ImageBuffer>& source, bool reads);
  void append(Chain& chain, const Call& call, const ImageBuffer& source);
  void addDestination(Chain& chain, const std::shared_ptr<ImageBuffer>& image);
  void launchSome();

  void launch(Chain& chain);
  void launchSealed();
  void launchReaders(const ImageBuffer& image, const Chain* but = nullptr);
  void beforeResize(const ImageBuffer& image);
  bool beforeOverwrite(ImageBuffer& image, Size size);
  void kill(ImageBuffer& image);
  void free(std::shared_ptr<ImageBuffer> image) noexcept;
  void freeLater(std::shared_ptr<ImageBuffer> image) noexcept;
  void sweep() noexcept;
  void rethrow();

  Chain* writerOf(const ImageBuffer& image);
  uint8_t bitOf(const Chain& chain) const { return static_cast<uint8_t>(1u << (&chain - chains_.data())); }
  void addReader(const ImageBuffer& image, const Chain& chain);
  void removeWriter(const ImageBuffer& image);
  void settle(const ImageBuffer& image);
  /// Removes the chain from its images.
  void detach(const Chain& chain);

  std::array<Chain, kChains> chains_;
  RecordPolicy policy_;
  RecordStats stats_;
  std::mt19937_64 random_{1};
  uint64_t call_ = 0;
  bool launching_ = false;
  std::vector<std::shared_ptr<ImageBuffer>> dead_;
  std::exception_ptr failure_;
  std::function<std::string()> stack_;
  std::vector<RecordedCall> now_;  // of a call that is run at once; a member to reuse its memory
};

}  // namespace framelane
