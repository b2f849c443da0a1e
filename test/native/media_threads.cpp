// The threads of sessions, sources, sinks, taps and downloads without FFmpeg and without JavaScript, for ThreadSanitizer and
// AddressSanitizer (npm run sanitize): frames go in through one socket and come out of others. A wrong result ends it with 1.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/image.hpp"
#include "core/memory.hpp"
#include "core/transfer.hpp"
#include "devices/devices.hpp"
#include "late_device.hpp"
#include "media/nut_reader.hpp"
#include "media/session.hpp"
#include "ops/registry.hpp"

using namespace framelane;
using namespace framelane::media;

namespace {

constexpr FrameShape kShape{PixelFormat::yuv420p, 64, 48};
constexpr int kFrames = 40;

void expect(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "media_threads: expected %s\n", what.c_str());
  std::exit(1);
}

std::shared_ptr<const BoundPlan> planTo(PixelFormat format, Ops ops = {}) {
  return std::make_shared<const BoundPlan>(PlanRequest{openDevice("cpu"), kShape, format, {}, std::move(ops)});
}

/// For ops whose numbers are 1, and whose whole numbers and pictures are of one value.
class OneValue final : public Reader {
 public:
  explicit OneValue(int value, std::shared_ptr<const ImageBuffer> image = nullptr)
      : value_(value), image_(std::move(image)) {}
  double number(const char*) override { return 1; }
  int integer(const char*) override { return value_; }
  bool boolean(const char*) override { return false; }
  Rgba color(const char*) override { return {}; }
  int oneOf(const char*, std::initializer_list<const char*>) override { return 0; }
  std::shared_ptr<const ImageBuffer> image(const char*) override { return image_; }
  Lut lut(const char*) override { return {}; }
  std::string text(const char*) override { return {}; }
  std::shared_ptr<const custom::Code> code(const char*, int) override { return nullptr; }
  std::vector<float> floats(const char*) override { return {}; }
  bool has(const char*) override { return true; }

 private:
  int value_;
  std::shared_ptr<const ImageBuffer> image_;
};

std::shared_ptr<const Op> opOf(const char* name, OneValue options) {
  const OpEntry& entry = findOp(name);
  return entry.make(entry.name, options);
}

/// Writes frames as a decoder would until the other end is gone.
void decode(Descriptor descriptor, int frames, const FrameShape& shape = kShape) {
  FrameSink sink(std::move(descriptor), 2, {});
  sink.start({shape.format, shape.width, shape.height, {1, 25}, {1, 1}}, {25, 1});
  const std::vector<std::byte> pixels(frameBytes(shape), std::byte{0x40});
  try {
    for (int i = 0; i < frames; i++)
      if (!sink.push({pixels, i, 1, nullptr, {}})) return;
    sink.finish();
  } catch (const Error&) {
    // a session that was stopped takes no more
  }
}

/// Reads frames as an encoder would, at most so many; how many came.
int encode(Descriptor descriptor, int most) {
  Socket socket(std::move(descriptor));
  NutReader reader(socket);
  int frames = 0;
  try {
    if (!reader.open()) return 0;
    std::vector<std::byte> pixels;
    while (frames < most) {
      const auto head = reader.next();
      if (!head) break;
      pixels.resize(head->bytes);
      reader.payload(pixels);
      frames++;
    }
  } catch (const Error&) {
    // the session was stopped in the middle of a frame
  }
  return frames;
}

/// A session between a decoder and two encoders, one of them at a constant rate, with an output that only counts, somebody who
/// watches and somebody who asks for statistics. `during` is called while it runs.
struct Result {
  bool failed = false;
  int forwarded = 0, computed = 0;
  SessionStats stats;
};

Result runSession(const std::function<void(Session&)>& during, int mostForwarded = 1 << 30) {
  const SocketPair input = makeSocketPair(), first = makeSocketPair(), second = makeSocketPair();
  TimelineConfig constant;
  constant.constantRate = Rational{50, 1};
  constant.frameRate = {25, 1};
  std::vector<Session::Output> outputs;
  outputs.push_back({{planTo(kShape.format), {}}, Descriptor(first.local)});
  outputs.push_back({{planTo(PixelFormat::yuv444p), constant}, Descriptor(second.local)});
  outputs.push_back({{planTo(PixelFormat::rgba8), {}}, Descriptor(-1)});
  Result result;
  std::atomic<bool> done{false};
  Session session(openDevice("cpu"), Descriptor(input.local), std::move(outputs));
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { decode(Descriptor(input.remote), kFrames); });
    threads.emplace_back([&] { result.forwarded = encode(Descriptor(first.remote), mostForwarded); });
    threads.emplace_back([&] { result.computed = encode(Descriptor(second.remote), 1 << 30); });
    threads.emplace_back([&, tap = session.watch(1)] {
      std::vector<std::byte> seen(frameBytes({PixelFormat::yuv444p, kShape.width, kShape.height}));
      while (tap->take(seen)) continue;
    });
    threads.emplace_back([&] {
      while (!done) {
        (void)session.stats();
        std::this_thread::yield();
      }
    });
    threads.emplace_back([&] { during(session); });
    try {
      session.run();
    } catch (const Error&) {
      result.failed = true;
    }
    // An output without a frame is left untouched: its encoder waits for the end of the session.
    session.abort();
    done = true;
  }
  result.stats = session.stats();
  return result;
}

void wholeSession() {
  const Result result = runSession([](Session&) {});
  expect(!result.failed && result.forwarded == kFrames,
         "every frame to be forwarded, " + std::to_string(result.forwarded) + " were");
  expect(result.computed == 2 * kFrames,
         "every frame twice at twice the rate, " + std::to_string(result.computed) + " came");
  expect(result.stats.framesIn == kFrames && result.stats.outputs[2].framesOut == kFrames, "every frame to be counted");
}

void stoppedSessions(std::minstd_rand& random) {
  for (int i = 0; i < 20; i++) {
    const auto pause = std::chrono::microseconds(random() % 4000);
    runSession([&](Session& session) {
      std::this_thread::sleep_for(pause);
      if (i % 2) session.finish();
      session.abort();
      session.finish();
    });
  }
}

/// Plans that change all the time, between passing on and computing with more and less workspace, also while all of it ends.
void changedSessions(std::minstd_rand& random) {
  for (int i = 0; i < 20; i++) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 20000);
    const Result result = runSession([&](Session& session) {
      for (int radius = 0; std::chrono::steady_clock::now() < end; radius = (radius + 1) % 9) {
        const Ops ops = radius == 0 ? Ops{} : Ops{opOf("gaussianBlur", OneValue(radius))};
        const uint64_t frame = session.setPlans(
            {planTo(kShape.format, ops), planTo(PixelFormat::yuv444p, ops), planTo(PixelFormat::rgba8, ops)});
        expect(frame <= kFrames, "no frame beyond the last");
      }
      if (i % 2) session.abort();
    });
    expect(!result.failed, "changes to be no failure");
    if (i % 2 == 0)
      expect(result.forwarded == kFrames && result.computed == 2 * kFrames, "every frame in spite of changes");
  }
}

/// The value that fills each frame that comes; -1 where there are several.
std::vector<int> valuesOf(Descriptor descriptor) {
  Socket socket(std::move(descriptor));
  NutReader reader(socket);
  std::vector<int> values;
  if (!reader.open()) return values;
  std::vector<std::byte> pixels;
  while (const auto head = reader.next()) {
    pixels.resize(head->bytes);
    reader.payload(pixels);
    const bool even = std::all_of(pixels.begin(), pixels.end(), [&](std::byte value) { return value == pixels[0]; });
    values.push_back(even ? static_cast<int>(pixels[0]) : -1);
  }
  return values;
}

/// Finds out what the first pixel is, when the queue comes to it.
class FirstPixel final : public Op {
 public:
  const char* name() const override { return "first pixel"; }
  Traits traits(Size input) const override {
    Traits traits;
    traits.opaqueness = Opaqueness::keeps;
    traits.result = sizeof(Pixel);
    traits.size = input;
    return traits;
  }
  std::unique_ptr<AreaStage> prepare(Device&, const AreaShape&) const override { return std::make_unique<Stage>(); }

 private:
  struct Stage final : AreaStage {
    void run(Queue& queue, const Plane& input, const Plane& output, void*) const override {
      queue.copy(output.data, input.data, sizeof(Pixel));
    }
  };
};

/// Copies the frame, when the queue comes to it.
class Copied final : public Op {
 public:
  const char* name() const override { return "copied"; }
  Traits traits(Size input) const override {
    Traits traits;
    traits.opaqueness = Opaqueness::keeps;
    traits.size = input;
    return traits;
  }
  std::unique_ptr<AreaStage> prepare(Device&, const AreaShape&) const override { return std::make_unique<Stage>(); }

 private:
  struct Stage final : AreaStage {
    void run(Queue& queue, const Plane& input, const Plane& output, void*) const override {
      queue.copy(output.data, input.data, static_cast<size_t>(input.stride) * static_cast<size_t>(input.height));
    }
  };
};

/// What it found in each frame, in codes.
std::vector<int> firstCodes(ResultQueue& queue) {
  std::vector<int> codes;
  for (auto entries = queue.take(); !entries.empty(); entries = queue.take())
    for (const auto& entry : entries) {
      Pixel pixel;
      std::memcpy(&pixel, entry.data.data(), sizeof(pixel));
      codes.push_back(static_cast<int>(pixel.r * 255 + 0.5f));
    }
  return codes;
}

/// On a device whose work is done late: plans whose pictures, each of one value, are let go of as soon as others replace them.
void picturesThatGo() {
  constexpr int kManyFrames = 400;
  constexpr FrameShape kGray{PixelFormat::gray8, 64, 48, {Matrix::bt709, Range::full}},
      kPicture{PixelFormat::rgba8, 64, 48};
  std::vector<std::vector<unsigned char>> samples;  // outlive the device, which may still be uploading them at the end
  const auto device = makeLateDevice();
  for (int value = 0; value < 256; value++) {
    samples.emplace_back(frameBytes(kPicture), static_cast<unsigned char>(value));
    for (size_t i = 3; i < samples.back().size(); i += 4) samples.back()[i] = 255;
  }
  const auto plansOf = [&](int value) {
    const auto picture = std::make_shared<ImageBuffer>(device, kPicture);
    const WriteAccess pixels = picture->refill();
    {
      const std::scoped_lock lock(device->immediate->mutex());
      // The other copies only keep the queue behind.
      for (int other = value + 12; other >= value; other--)
        device->immediate->queue().upload(pixels.data(), samples[static_cast<size_t>(other % 256)].data(),
                                          pixels.bytes());
    }
    const auto planWith = [&](Ops ops) {
      return std::make_shared<const BoundPlan>(PlanRequest{device, kGray, kGray.format, kGray.color, std::move(ops)});
    };
    const auto covered = opOf("blend", OneValue(0, picture));
    const auto copied = std::make_shared<const Copied>();  // so many passes that the device replays them
    // The second output passes every third generation on as it is.
    return Plans{planWith({covered, std::make_shared<const FirstPixel>()}),
                 value % 3 == 0 ? planWith({}) : planWith({covered, copied, copied, opOf("flip", OneValue(0))})};
  };
  const SocketPair input = makeSocketPair(), first = makeSocketPair(), second = makeSocketPair();
  std::vector<Session::Output> outputs;
  const Plans before = plansOf(0);
  outputs.push_back({{before[0], {}}, Descriptor(first.local)});
  outputs.push_back({{before[1], {}}, Descriptor(second.local)});
  Session session(device, Descriptor(input.local), std::move(outputs));
  std::vector<uint64_t> from{0};
  std::vector<int> one, two, found;
  {
    std::atomic<bool> done{false};
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { decode(Descriptor(input.remote), kManyFrames, kGray); });
    threads.emplace_back([&] { one = valuesOf(Descriptor(first.remote)); });
    threads.emplace_back([&] { two = valuesOf(Descriptor(second.remote)); });
    threads.emplace_back([&, queue = session.watchResults(0)] { found = firstCodes(*queue); });
    threads.emplace_back([&] {
      std::minstd_rand random(3);
      while (!done) {
        from.push_back(session.setPlans(plansOf(static_cast<int>(from.size()))));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8 == 0 ? 30000 : random() % 4000));
      }
    });
    session.run();
    done = true;
  }
  expect(LateQueue::replays > 0, "work to be replayed");
  expect(one.size() == kManyFrames && two.size() == kManyFrames, "every frame of both outputs");
  expect(found == one, "what is found out about a frame to be of that frame");
  size_t generation = 0;
  for (size_t frame = 0; frame < kManyFrames; frame++) {
    while (generation + 1 < from.size() && from[generation + 1] <= frame) generation++;
    const int value = static_cast<int>(generation % 256);
    const auto at = " in frame " + std::to_string(frame) + ", generation " + std::to_string(generation);
    expect(one[frame] == value, std::to_string(value) + at + ", received " + std::to_string(one[frame]));
    expect(two[frame] == (generation % 3 == 0 ? 0x40 : value), "the same of the second output" + at);
  }
  expect(generation > 20, "many generations, there were " + std::to_string(generation));
}

void lostEncoder() {
  const Result result = runSession([](Session&) {}, 3);
  expect(result.failed, "an encoder that goes to be an error");
}

/// A source that keeps the newest frame, a reader that is slow, and one that is cancelled.
void newestOnly() {
  for (const int taken : {1 << 30, 2}) {
    const SocketPair pair = makeSocketPair();
    FrameSource source(Descriptor(pair.local), openDevice("cpu")->memory, kShape, 3, Section{}, Backlog::newest);
    std::jthread decoder([&] { decode(Descriptor(pair.remote), kFrames); });
    for (int i = 0; i < taken; i++) {
      const auto item = source.next();
      if (!item) break;
      std::this_thread::sleep_for(std::chrono::microseconds(300));
      source.release(item->slot);
      (void)source.waiting();
    }
    source.cancel();
  }
}

/// Blocks from many threads, of more sizes than the budget has room for at once.
void sharedPool() {
  const auto device = openDevice("cpu");
  device->memory->setBudget(MemoryKind::host, 16 << 20);
  {
    std::vector<std::jthread> threads;
    for (unsigned seed = 1; seed <= 4; seed++)
      threads.emplace_back([&, seed] {
        std::minstd_rand random(seed);
        std::vector<Block> held(4);
        for (int i = 0; i < 400; i++) {
          try {
            held[random() % held.size()] = device->memory->take(MemoryKind::host, random() % (2 << 20));
          } catch (const Error&) {
            held[random() % held.size()].reset();
          }
          if (i % 50 == 0) device->memory->trim();
          (void)device->memory->count(MemoryKind::host);
        }
      });
  }
  const MemoryCount count = device->memory->count(MemoryKind::host);
  expect(count.live == 0 && count.peak <= 16 << 20, "the pool to keep its budget");
  device->memory->setBudget(MemoryKind::host, 0);
}

/// The workers of the CPU backend, for several callers.
void sharedWorkers() {
  const FrameShape large{PixelFormat::yuv420p, 640, 480};
  const auto plan =
      std::make_shared<const BoundPlan>(PlanRequest{openDevice("cpu"), large, PixelFormat::rgba8, {}, {}});
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; i++)
    threads.emplace_back([&] {
      std::vector<std::byte> input(frameBytes(large)), output(frameBytes(plan->output()));
      const auto device = openDevice("cpu");
      PlanRun plans(*device, plan);
      const auto queue = device->backend->makeQueue();
      for (int run = 0; run < 20; run++) plans.run(*queue, input.data(), output.data());
    });
}

/// A snapshot that a thread waits for while the image is written again.
void snapshotsOfImages() {
  for (const auto& device : {openDevice("cpu"), makeLateDevice()}) {
    ImageBuffer image(device, {PixelFormat::rgba8, 64, 48});
    const auto fill = [&](int value) {
      uploadImage(image, std::vector<std::byte>(image.bytes(), static_cast<std::byte>(value)).data(), Element::u8,
                  device->immediate);
    };
    for (int i = 0; i < 40; i++) {
      fill(i);
      std::vector<std::byte> samples(image.bytes());
      const auto snapshot = image.snapshot(samples.data(), Element::u8, device->immediate);
      std::jthread waiting([&] { snapshot->wait(); });
      fill(100);
      waiting.join();
      const auto isOld = [&](std::byte one) { return one == static_cast<std::byte>(i); };
      expect(std::ranges::all_of(samples, isOld), "a snapshot of what the image held");
    }
  }
}

}  // namespace

int main() {
  std::minstd_rand random(1);
  sharedPool();
  wholeSession();
  stoppedSessions(random);
  changedSessions(random);
  picturesThatGo();
  lostEncoder();
  newestOnly();
  sharedWorkers();
  snapshotsOfImages();
  std::puts("media_threads: ok");
}
