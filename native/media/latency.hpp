#pragma once
// How long a stage takes, frame by frame: quantiles from a histogram that threads fill and read without waiting.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace framelane::media {

struct Latency {
  uint64_t count = 0;
  uint64_t totalNs = 0;
  uint64_t p50Ns = 0, p95Ns = 0, p99Ns = 0, maxNs = 0;
};

/// Log-linear buckets, as HdrHistogram has them: every power of two is cut into 32, so a quantile is at most 1/32 above the
/// duration it stands for. Up to 2^40 ns (18 minutes); longer ones count there, and in the maximum as they are.
class LatencyHistogram {
 public:
  void record(uint64_t ns) {
    constexpr auto relaxed = std::memory_order_relaxed;
    counts_[bucketOf(ns)].fetch_add(1, relaxed);
    total_.fetch_add(ns, relaxed);
    for (uint64_t max = max_.load(relaxed); ns > max && !max_.compare_exchange_weak(max, ns, relaxed);) {
    }
  }

  /// What has been recorded up to now; while others record, one of their durations may be in it in part.
  Latency read() const {
    constexpr auto relaxed = std::memory_order_relaxed;
    std::array<uint64_t, kBuckets> counts;
    Latency result{0, total_.load(relaxed), 0, 0, 0, max_.load(relaxed)};
    for (size_t i = 0; i < kBuckets; i++) result.count += counts[i] = counts_[i].load(relaxed);
    const auto quantile = [&](double part) {
      const auto rank = static_cast<uint64_t>(std::ceil(part * static_cast<double>(result.count)));
      uint64_t below = 0;
      for (size_t i = 0; i < kBuckets; i++)
        if ((below += counts[i]) >= rank) return std::min(largestIn(i), result.maxNs);
      return result.maxNs;
    };
    if (result.count == 0) return result;
    result.p50Ns = quantile(0.5);
    result.p95Ns = quantile(0.95);
    result.p99Ns = quantile(0.99);
    return result;
  }

 private:
  static constexpr int kCutBits = 5;  // 32 buckets a power of two
  static constexpr int kRangeBits = 40;
  static constexpr size_t kBuckets = static_cast<size_t>(kRangeBits - kCutBits + 1) << kCutBits;

  static size_t bucketOf(uint64_t ns) {
    const int shift = std::max(static_cast<int>(std::bit_width(ns)) - kCutBits - 1, 0);
    const size_t bucket = (static_cast<size_t>(shift) << kCutBits) + static_cast<size_t>(ns >> shift);
    return std::min(bucket, kBuckets - 1);
  }

  static uint64_t largestIn(size_t bucket) {
    constexpr size_t cuts = size_t{1} << kCutBits;
    if (bucket < 2 * cuts) return bucket;  // a nanosecond each
    const size_t shift = (bucket >> kCutBits) - 1;
    return ((cuts + bucket % cuts + 1) << shift) - 1;
  }

  std::array<std::atomic<uint64_t>, kBuckets> counts_{};
  std::atomic<uint64_t> total_{0}, max_{0};
};

}  // namespace framelane::media
