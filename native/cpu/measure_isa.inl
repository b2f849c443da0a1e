// What is counted and added up over the pixels of an RGBA frame, see ops/histogram.hpp and ops/statistics.hpp.
#include "core/measured.hpp"
#include "cpu/vec8_isa.inl"
#include "ops/histogram.hpp"

namespace framelane::cpu::FL_ISA {
namespace {

constexpr int kBlockPixels = 256;
// Pixels of one colour would else wait for each other's count.
constexpr int kBanks = 4;

struct Bins {
  uint32_t of[kBanks][kMeasured][Histogram::kBins];
};

FL_HD const uint8_t* blockCodes(const uint8_t* samples, int, uint8_t*) { return samples; }
FL_HD const uint8_t* blockCodes(const float* samples, int count, uint8_t* codes) {
  int i = 0;
  for (; i + 8 <= count; i += 8) storeSamples8(codes + i, load8(samples + i) * splat(255), 255);
  if (i < count) {  // one pixel
    float pair[8] = {samples[i], samples[i + 1], samples[i + 2], samples[i + 3]};
    storeSome(codes + i, load8(pair) * splat(255), 4, 255);
  }
  return codes;
}

template <class Sample>
void countRows(const Plane& plane, Bins& bins, int y0, int y1) {
  uint8_t buffer[4 * kBlockPixels], luma[kBlockPixels];
  for (int y = y0; y < y1; y++)
    for (int x = 0; x < plane.width; x += kBlockPixels) {
      const int pixels = smaller(kBlockPixels, plane.width - x);
      const uint8_t* codes = blockCodes(rowOf<const Sample>(plane, y) + 4 * static_cast<ptrdiff_t>(x), 4 * pixels, buffer);
      for (int i = 0; i < pixels; i++)
        luma[i] = static_cast<uint8_t>(Histogram::luma(codes[4 * i], codes[4 * i + 1], codes[4 * i + 2]));
      for (int i = 0; i < pixels; i++) {
        auto& bank = bins.of[i % kBanks];
        for (int c = 0; c < 4; c++) bank[c][codes[4 * i + c]]++;
        bank[4][luma[i]]++;
      }
    }
}

typedef float HalfF8 __attribute__((vector_size(16)));
typedef double D4 __attribute__((vector_size(32)));

/// One channel of eight pixels at a time.
struct Lanes {
  F8 min, max;
  D4 low, high;  // sums
  I8 nans;
};

FL_HD void addLanes(Lanes& lanes, const F8& v) {
  const I8 isNumber = v == v;
  lanes.min = v < lanes.min ? v : lanes.min;
  lanes.max = v > lanes.max ? v : lanes.max;
  lanes.nans += isNumber + 1;  // true is -1
  const F8 known = isNumber ? v : F8{};
  lanes.low += __builtin_convertvector(HalfF8(__builtin_shufflevector(known, known, 0, 1, 2, 3)), D4);
  lanes.high += __builtin_convertvector(HalfF8(__builtin_shufflevector(known, known, 4, 5, 6, 7)), D4);
}

FL_HD F8 sampleValues(const float* from) { return load8(from); }
FL_HD F8 sampleValues(const uint8_t* from) { return load8(from) / splat(255); }

/// Of eight RGBA pixels.
template <class Sample>
FL_HD void addPixels(Lanes (&lanes)[kMeasured], const Sample* from) {
  const F8 a = sampleValues(from), b = sampleValues(from + 8), c = sampleValues(from + 16), d = sampleValues(from + 24);
  const F8 abRg = __builtin_shufflevector(a, b, 0, 4, 8, 12, 1, 5, 9, 13), cdRg = __builtin_shufflevector(c, d, 0, 4, 8, 12, 1, 5, 9, 13);
  const F8 abBa = __builtin_shufflevector(a, b, 2, 6, 10, 14, 3, 7, 11, 15), cdBa = __builtin_shufflevector(c, d, 2, 6, 10, 14, 3, 7, 11, 15);
  const F8 red = __builtin_shufflevector(abRg, cdRg, 0, 1, 2, 3, 8, 9, 10, 11);
  const F8 green = __builtin_shufflevector(abRg, cdRg, 4, 5, 6, 7, 12, 13, 14, 15);
  const F8 blue = __builtin_shufflevector(abBa, cdBa, 0, 1, 2, 3, 8, 9, 10, 11);
  const F8 alpha = __builtin_shufflevector(abBa, cdBa, 4, 5, 6, 7, 12, 13, 14, 15);
  addLanes(lanes[0], red);
  addLanes(lanes[1], green);
  addLanes(lanes[2], blue);
  addLanes(lanes[3], alpha);
  addLanes(lanes[4], red * splat(kLumaRed) + green * splat(kLumaGreen) + blue * splat(kLumaBlue));
}

template <class Sample>
void addRow(Lanes (&lanes)[kMeasured], const Sample* row, int width) {
  int x = 0;
  for (; x + 8 <= width; x += 8) addPixels(lanes, row + 4 * static_cast<ptrdiff_t>(x));
  if (x == width) return;
  // What is missing to eight pixels is no number, and not counted as such.
  float rest[32];
  for (int i = 0; i < 32; i++) rest[i] = __builtin_nanf("");
  for (int i = 0; i < width - x; i++)
    for (int c = 0; c < 4; c++) {
      const auto v = static_cast<float>(row[4 * static_cast<ptrdiff_t>(x + i) + c]);
      rest[4 * i + c] = sizeof(Sample) == 1 ? v / 255 : v;
    }
  addPixels(lanes, rest);
  const I8 place = {0, 1, 2, 3, 4, 5, 6, 7};
  for (Lanes& channel : lanes) channel.nans += place >= (I8{} + (width - x));
}

}  // namespace

void histogramRows(const Plane& plane, uint32_t (*result)[Histogram::kBins], int y0, int y1) {
  Bins bins = {};
  if (plane.element == Element::u8)
    countRows<uint8_t>(plane, bins, y0, y1);
  else
    countRows<float>(plane, bins, y0, y1);
  for (const auto& bank : bins.of)
    for (int c = 0; c < kMeasured; c++)
      for (int i = 0; i < Histogram::kBins; i++) result[c][i] += bank[c][i];
}

void statisticsRows(const Plane& plane, MeasuredPart* result, int y0, int y1) {
  Lanes lanes[kMeasured];
  for (Lanes& channel : lanes) channel = {splat(__builtin_inff()), splat(-__builtin_inff()), D4{}, D4{}, I8{}};
  for (int y = y0; y < y1; y++) {
    if (plane.element == Element::u8)
      addRow(lanes, rowOf<const uint8_t>(plane, y), plane.width);
    else
      addRow(lanes, rowOf<const float>(plane, y), plane.width);
  }
  for (int c = 0; c < kMeasured; c++) {
    const Lanes& from = lanes[c];
    MeasuredPart& part = result[c];
    part = {0, from.min[0], from.max[0], 0};
    for (int i = 0; i < 8; i++) {
      part.sum += i < 4 ? from.low[i] : from.high[i - 4];
      part.min = from.min[i] < part.min ? from.min[i] : part.min;
      part.max = from.max[i] > part.max ? from.max[i] : part.max;
      part.nans += static_cast<uint64_t>(from.nans[i]);
    }
  }
}

}  // namespace framelane::cpu::FL_ISA
