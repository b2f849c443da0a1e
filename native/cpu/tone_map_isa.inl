// toneMap as a row of short loops. In one loop its chain of 300 cycles leaves room for few iterations in the core's window:
// 14.4 ns a pixel (Zen 3, AVX2) where gamma takes 3.5; these loops together take 3.2 times what gamma does.
#pragma once
#include "cpu/strip_isa.inl"

namespace framelane::cpu::FL_ISA {
namespace {

// Not inlined: GCC 12 then leaves the loops over three channels as scalars.
template <auto kFunction>
__attribute__((noinline)) void forEachValue(float* values, int count) {
  for (int i = 0; i < count; i++) values[i] = kFunction(values[i]);
}

void logarithms(float* values, int count) { forEachValue<logOfBase>(values, count); }

void pqLight(float* signals, int count) {
  forEachValue<Pq::base>(signals, count);
  logarithms(signals, count);
  forEachValue<Pq::lightOfLog>(signals, count);
}

FL_HD Pixel pixelAt(const Strip& strip, int i) { return {strip.r[i], strip.g[i], strip.b[i], 1.0f}; }

FL_HD void setPixel(Strip& strip, int i, Pixel p) {
  strip.r[i] = p.r;
  strip.g[i] = p.g;
  strip.b[i] = p.b;
}

/// Signals to PQ's light; `largest` becomes the largest channel as a PQ signal.
void decodePq(Strip& __restrict strip, float* __restrict largest, int count) {
  for (int i = 0; i < count; i++) largest[i] = ToneMap::largest(pixelAt(strip, i));
  for (float* channel : {strip.r, strip.g, strip.b}) pqLight(channel, count);
}

void decodeHlg(Strip& __restrict strip, float* __restrict largest, int count, ToneMap::Kernel kernel) {
  for (float* channel : {strip.r, strip.g, strip.b}) forEachValue<Hlg::sceneLight>(channel, count);
  for (int i = 0; i < count; i++) largest[i] = ToneMap::logOfLuminance(pixelAt(strip, i));
  for (int i = 0; i < count; i++) setPixel(strip, i, ToneMap::displayLight(pixelAt(strip, i), largest[i], kernel));
  for (int i = 0; i < count; i++) largest[i] = logOfBase(ToneMap::largest(pixelAt(strip, i)));
  forEachValue<Pq::signalOfLog>(largest, count);
}

void mapAndEncode(Strip& __restrict strip, float* __restrict largest, int count, ToneMap::Kernel kernel) {
  for (int i = 0; i < count; i++) largest[i] = ToneMap::eetf(largest[i], kernel);
  pqLight(largest, count);
  for (int i = 0; i < count; i++) setPixel(strip, i, ToneMap::targetLight(pixelAt(strip, i), largest[i], kernel));
  for (float* channel : {strip.r, strip.g, strip.b}) {
    logarithms(channel, count);
    forEachValue<ToneMap::signalOfLog>(channel, count);
  }
}

void stripOf(ToneMap*, Strip& __restrict strip, int count, ToneMap::Kernel kernel) {
  alignas(64) float largest[kStrip];
  for (float* channel : {strip.r, strip.g, strip.b}) forEachValue<clamp01>(channel, count);
  if (kernel.from == ToneMap::From::hlg)
    decodeHlg(strip, largest, count, kernel);
  else
    decodePq(strip, largest, count);
  mapAndEncode(strip, largest, count, kernel);
}

}  // namespace
}  // namespace framelane::cpu::FL_ISA
