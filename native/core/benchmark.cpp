#include "core/benchmark.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "core/plan_run.hpp"

namespace framelane {

namespace {

struct Pair {
  Block input, output;
};

std::vector<Pair> makePairs(Device& device, size_t inputBytes, size_t outputBytes, int sets) {
  // Noise with all byte values; as floats it is replaced below by 0..1, for NaNs and denormals are no picture.
  std::vector<unsigned char> noise(inputBytes);
  uint32_t state = 1;
  for (auto& byte : noise) byte = static_cast<unsigned char>((state = state * 1664525u + 1013904223u) >> 24);
  std::vector<Pair> pairs;
  for (int i = 0; i < sets; i++) {
    pairs.push_back(
        {device.memory->take(MemoryKind::device, inputBytes), device.memory->take(MemoryKind::device, outputBytes)});
    device.immediate->queue().upload(pairs.back().input.data(), noise.data(), inputBytes);
    device.immediate->wait();
  }
  return pairs;
}

template <class Body>
double medianMicroseconds(Queue& queue, int iterations, Body&& body) {
  constexpr int kBatches = 9;
  for (int i = 0; i < iterations / 4 + 1; i++) body();
  queue.wait();
  std::vector<double> batches;
  for (int batch = 0; batch < kBatches; batch++) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < iterations; i++) body();
    queue.wait();
    batches.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() /
                      iterations);
  }
  std::nth_element(batches.begin(), batches.begin() + kBatches / 2, batches.end());
  return batches[kBatches / 2];
}

}  // namespace

double benchmarkPlan(Device& device, const std::shared_ptr<const BoundPlan>& plan, int iterations, int sets,
                     bool replays) {
  const size_t inputBytes = frameBytes(plan->input());
  auto pairs = makePairs(device, inputBytes, frameBytes(plan->output()), sets);
  if (!plan->input().format.isInteger()) {
    std::vector<float> ramp(inputBytes / sizeof(float));
    for (size_t i = 0; i < ramp.size(); i++) ramp[i] = static_cast<float>((i * 2654435761u >> 8) & 0xffff) / 65535.0f;
    for (const Pair& pair : pairs) {
      device.immediate->queue().upload(pair.input.data(), ramp.data(), inputBytes);
      device.immediate->wait();
    }
  }
  PlanRun run(device, plan);
  if (replays) run.replayFrom(1);
  const auto queue = device.backend->makeQueue();
  size_t next = 0;
  return medianMicroseconds(*queue, iterations, [&] {
    const Pair& pair = pairs[next++ % pairs.size()];
    run.run(*queue, pair.input.data(), pair.output.data());
  });
}

double benchmarkCopy(Device& device, size_t bytes, int iterations, int sets) {
  const auto pairs = makePairs(device, bytes, bytes, sets);
  const auto queue = device.backend->makeQueue();
  size_t next = 0;
  return medianMicroseconds(*queue, iterations, [&] {
    const Pair& pair = pairs[next++ % pairs.size()];
    queue->copy(pair.output.data(), pair.input.data(), bytes);
  });
}

}  // namespace framelane
