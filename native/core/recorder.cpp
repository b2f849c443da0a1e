#include "core/recorder.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/conversion.hpp"
#include "core/error.hpp"
#include "core/inserted_steps.hpp"

namespace framelane {

Recorder::Recorder() {
  for (Chain& chain : chains_) {
    chain.request.graph.ops.reserve(kMaxSteps);
    chain.calls.reserve(kMaxSteps);
  }
  collectors().push_back(this);
}

Recorder::~Recorder() {
  std::erase(collectors(), this);
  for (const Chain& chain : chains_) detach(chain);
}

void Recorder::apply(const Graph& graph, const std::shared_ptr<ImageBuffer>& source,
                     const std::shared_ptr<ImageBuffer>& destination, ImageBuffer* temp,
                     const std::shared_ptr<Stream>& stream) {
  if (graph.wiring.empty()) return applyList(graph.ops, source, destination, temp, stream);
  begin();
  applyNow(graph, *source, *destination, temp, stream);
}

void Recorder::begin() {
  call_++;
  sweep();
  rethrow();
}

void Recorder::applyList(OpSpan ops, const std::shared_ptr<ImageBuffer>& source,
                         const std::shared_ptr<ImageBuffer>& destination, ImageBuffer* temp,
                         const std::shared_ptr<Stream>& stream) {
  begin();
  const Call call{ops, callTraits(ops, source->size())};
  checkOps(ops, call.traits, *source, *destination, temp);
  if (ops.empty() && source == destination) return;
  const bool elsewhere = stream && !stream->isImmediate();
  if (elsewhere || policy_.mode == RecordPolicy::Mode::eager || !mayWait(call, *source, *destination))
    return applyNow(Ops(ops.begin(), ops.end()), *source, *destination, temp, stream);

  Chain& chain = record(call, source, destination);
  stats_.recorded++;
  using Exposure = ImageBuffer::Exposure;
  const auto exposesOperand = [](const auto& op) {
    const auto operand = op->operandImage();
    return operand && operand->exposure_ == Exposure::write;
  };
  const bool watched = destination->exposure_ != Exposure::none || source->exposure_ == Exposure::write ||
                       std::ranges::any_of(call.withOperands(), exposesOperand);
  if (watched) launch(chain);
  if (policy_.mode == RecordPolicy::Mode::random) launchSome();
}

void Recorder::applyNow(const Graph& graph, ImageBuffer& source, ImageBuffer& destination, ImageBuffer* temp,
                        const std::shared_ptr<Stream>& given) {
  const std::shared_ptr<Stream>& stream = given ? given : source.device()->immediate;
  LaunchLog& launches = stream->launches();
  try {
    applyOps(graph, source, destination, temp, stream, policy_.fold);
  } catch (const Error& error) {
    throw Error(error.code(), error.what() + launches.after(error));
  }
  now_.clear();
  note(graph.ops, now_);
  launches.add(now_);
  launchSealed();
}

bool Recorder::mayWait(const Call& call, const ImageBuffer& source, const ImageBuffer& destination) {
  if (!isImageFormat(source.format()) || !isImageFormat(destination.format()) || call.ops.size() > Chain::kMostSteps)
    return false;
  const CallTraits& traits = call.traits;
  // A view is how a chain reads its input: it can only be what is first, and not be written over.
  if (!traits.pointLike || traits.viewLater || (traits.viewFirst && &source == &destination)) return false;
  const auto readsDestination = [&](const auto& op) { return op->operandImage().get() == &destination; };
  return traits.operands <= Chain::kMostOperands && std::ranges::none_of(call.withOperands(), readsDestination);
}

Chain& Recorder::record(const Call& call, const std::shared_ptr<ImageBuffer>& source,
                        const std::shared_ptr<ImageBuffer>& destination) {
  Chain* chain = makeWay(call, *source, *destination);
  if (!chain) chain = &open(source, call.traits.reads);
  append(*chain, call, *source);
  destination->resize(call.traits.size);
  addDestination(*chain, destination);
  // Rounding to bytes is how a frame's work ends: what comes next may drop the floats, and then nothing is left to wait for.
  if (call.ops.empty() && !source->format().isInteger() && destination->format().isInteger())
    chain->state = Chain::State::sealed;
  return *chain;
}

/// Runs or drops the chains that conflict with the call and returns the chain that it can extend, if any. This order keeps chains
/// independent: run the writers of operands, drop a store that the call overwrites, run the readers of the destination.
Chain* Recorder::makeWay(const Call& call, ImageBuffer& source, ImageBuffer& destination) {
  const bool reads = call.traits.reads;
  for (const auto& op : call.withOperands())
    if (const auto operand = op->operandImage()) settle(*operand);
  const bool dropped = (&source != &destination || !reads) && beforeOverwrite(destination, call.traits.size);
  try {
    launchSealed();
    Chain* chain = reads ? writerOf(source) : nullptr;
    if (chain && !takes(*chain, call, source, destination)) {
      launch(*chain);
      chain = nullptr;
    }
    launchReaders(destination, chain);
    if (!chain) freeSlot();
    return chain;
  } catch (const Error& error) {
    if (dropped) destination.lose(error.what());
    throw;
  }
}

/// Whether what the source waits for can go on with the call.
bool Recorder::takes(const Chain& chain, const Call& call, const ImageBuffer& source, const ImageBuffer& destination) {
  if (chain.state != Chain::State::open || chain.destinationCount > 1) return false;
  if (chain.steps() + 1 + call.ops.size() > Chain::kMostSteps) return false;
  if (call.ops.empty()) {  // a second destination
    if (chain.usesOperand(destination)) return false;
    // Where the first one is dropped later, the pass writes over what it loads.
    return chain.load.get() != &destination || (chain.identityView && chain.request.input.size() == chain.size);
  }
  if (&source != &destination) return false;
  return chain.operandCount + call.traits.operands <= Chain::kMostOperands;
}

/// Runs the least recently extended chain where no slot is free.
void Recorder::freeSlot() {
  if (std::ranges::find(chains_, Chain::State::free, &Chain::state) == chains_.end())
    launch(*std::ranges::min_element(chains_, {}, &Chain::lastUsed));
}

Chain& Recorder::open(const std::shared_ptr<ImageBuffer>& source, bool reads) {
  const auto chain = std::ranges::find(chains_, Chain::State::free, &Chain::state);
  chain->state = Chain::State::open;
  chain->request.device = source->device();
  chain->request.input = source->shape();
  chain->request.fold = policy_.fold;
  chain->size = source->size();
  if (reads) {
    chain->load = source;
    chain->loaded = source->block_;
    chain->rounded = source->format().isInteger();
    addReader(*source, *chain);
  }
  return *chain;
}

void Recorder::append(Chain& chain, const Call& call, const ImageBuffer& source) {
  // Bytes hold rounded values: the next reader, an operation or a float image, must get those.
  const bool bytes = source.format().isInteger();
  if (bytes && !chain.rounded && chain.steps() > 0) {
    chain.request.graph.ops.push_back(quantiseOp());
    chain.rounded = true;
  }
  if (call.traits.viewFirst) chain.identityView = false;
  for (const auto& op : call.ops) {
    chain.request.graph.ops.push_back(op);
    if (auto operand = op->operandImage()) {
      addReader(*operand, chain);
      chain.operands[chain.operandCount++] = std::move(operand);
    }
    chain.rounded = false;
  }
  chain.size = call.traits.size;
  chain.lastUsed = call_;
  note(call.ops, chain.calls);
}

void Recorder::note(OpSpan ops, std::vector<RecordedCall>& calls) const {
  if (ops.empty()) calls.push_back({call_, "copy", {}});
  for (const auto& op : ops) calls.push_back({call_, op->name(), {}});
  if (stack_) calls.back().stack = stack_();
}

void Recorder::addDestination(Chain& chain, const std::shared_ptr<ImageBuffer>& image) {
  if (chain.writes(*image)) return;
  chain.destinations[chain.destinationCount++] = image;
  image->pending_.recorder = this;
  image->pending_.writer = static_cast<int8_t>(&chain - chains_.data());
  image->lost_.reset();
}

void Recorder::flush() {
  sweep();
  std::exception_ptr first;
  for (Chain& chain : chains_) {
    try {
      launch(chain);
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  rethrow();
  if (first) std::rethrow_exception(first);
}

void Recorder::collect() noexcept {
  if (launching_) return;  // what is being run holds what it needs
  try {
    flush();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void Recorder::setPolicy(const RecordPolicy& policy) {
  flush();
  policy_ = policy;
  random_.seed(policy.seed);
}

/// None, every second time, or any of them.
void Recorder::launchSome() {
  const uint64_t draw = random_();
  if (draw & 1) return;
  for (size_t i = 0; i < kChains; i++)
    if (draw >> (8 + i) & 1) launch(chains_[(i + (draw >> 4)) % kChains]);
}

void Recorder::launchFor(const ImageBuffer& image) {
  settle(image);
  launchSealed();
}

void Recorder::settle(const ImageBuffer& image) {
  if (Chain* chain = writerOf(image)) launch(*chain);
}

void Recorder::launchSealed() {
  for (Chain& chain : chains_)
    if (chain.state == Chain::State::sealed) launch(chain);
}

void Recorder::launchReaders(const ImageBuffer& image, const Chain* but) {
  if (!image.pending_.readers) return;
  for (Chain& chain : chains_)
    if (&chain != but && (image.pending_.readers & bitOf(chain))) launch(chain);
}

void Recorder::launch(Chain& chain) {
  if (chain.state != Chain::State::open && chain.state != Chain::State::sealed) return;
  detach(chain);
  chain.state = Chain::State::launching;
  Device& device = *chain.request.device;
  const bool outer = std::exchange(launching_, true);
  try {
    if (policy_.failLaunch > 0 && --policy_.failLaunch == 0) fail("ERR_CUDA", "a test wanted this launch to fail");
    stats_.passes += chain.run();
    stats_.launched++;
    device.immediate->launches().add(chain.calls);
    if (policy_.faultLaunch > 0 && --policy_.faultLaunch == 0) device.immediate->launches().fault();
  } catch (const std::exception& error) {
    launching_ = outer;
    const auto* own = dynamic_cast<const Error*>(&error);
    const std::string code = own                                           ? own->code()
                             : dynamic_cast<const std::bad_alloc*>(&error) ? "ERR_OUT_OF_MEMORY"
                                                                           : "ERR_INTERNAL";
    const std::string earlier = own ? device.immediate->launches().after(*own) : "";
    const auto why =
        std::make_shared<const std::string>(describeCalls(chain.calls) + " failed: " + error.what() + earlier);
    for (size_t i = 0; i < chain.destinationCount; i++) chain.destinations[i]->lost_ = why;
    chain.clear();
    throw Error(code, *why);
  }
  launching_ = outer;
  chain.clear();
}

void Recorder::beforeResize(const ImageBuffer& image) {
  settle(image);
  // A chain that loads the image knows its size; operands are placed by theirs when they are read.
  for (Chain& chain : chains_)
    if ((image.pending_.readers & bitOf(chain)) && chain.usesOperand(image)) launch(chain);
}

/// A store that is covered whole is dropped: true; any other is done before.
bool Recorder::beforeOverwrite(ImageBuffer& image, Size size) {
  if (!writerOf(image)) return false;
  const FrameShape next{image.format(), size.width, size.height, image.shape().color};
  if (frameBytes(next) >= image.bytes()) {
    kill(image);
    return true;
  }
  settle(image);
  return false;
}

void Recorder::kill(ImageBuffer& image) {
  Chain* const chain = writerOf(image);
  if (!chain) return;
  stats_.killed++;
  removeWriter(image);
  const auto end = chain->destinations.begin() + chain->destinationCount;
  const auto place =
      std::find_if(chain->destinations.begin(), end, [&](const auto& one) { return one.get() == &image; });
  std::rotate(place, place + 1, end);
  const auto dropped = std::move(chain->destinations[--chain->destinationCount]);
  if (chain->destinationCount > 0) return;
  detach(*chain);
  chain->clear();
}

void Recorder::free(std::shared_ptr<ImageBuffer> image) noexcept {
  if (launching_) return freeLater(std::move(image));
  kill(*image);
  try {
    launchReaders(*image);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void Recorder::freeLater(std::shared_ptr<ImageBuffer> image) noexcept {
  try {
    dead_.push_back(std::move(image));
  } catch (const std::bad_alloc&) {
    // Its chains keep it until they are run.
  }
}

void Recorder::sweep() noexcept {
  if (launching_) return;
  while (!dead_.empty()) {
    auto image = std::move(dead_.back());
    dead_.pop_back();
    free(std::move(image));
  }
}

void Recorder::rethrow() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

Chain* Recorder::writerOf(const ImageBuffer& image) {
  return image.pending_.writer < 0 ? nullptr : &chains_[static_cast<size_t>(image.pending_.writer)];
}

void Recorder::addReader(const ImageBuffer& image, const Chain& chain) {
  image.pending_.recorder = this;
  image.pending_.readers |= bitOf(chain);
}

void Recorder::removeWriter(const ImageBuffer& image) {
  image.pending_.writer = -1;
  if (!image.pending_.readers) image.pending_.recorder = nullptr;
}

void Recorder::detach(const Chain& chain) {
  const auto stopReading = [&](const ImageBuffer& image) {
    image.pending_.readers &= static_cast<uint8_t>(~bitOf(chain));
    if (!image.pending_.readers && image.pending_.writer < 0) image.pending_.recorder = nullptr;
  };
  for (size_t i = 0; i < chain.destinationCount; i++) removeWriter(*chain.destinations[i]);
  for (size_t i = 0; i < chain.operandCount; i++) stopReading(*chain.operands[i]);
  if (chain.load) stopReading(*chain.load);
}

}  // namespace framelane
