#pragma once
#include <cmath>

#include "core/pixel.hpp"

// Signals of HDR video and light: SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), both as in Recommendation ITU-R BT.2100-2.
namespace framelane {

/// PQ. The standard's (E^(1/m2) - c1) / (c2 - c3 E^(1/m2)) with q = 1 - E^(1/m2) is (k - q) / (k + c3 q), for c2 - c3 = 1 - c1
/// = k: written so, floats lose no digits to differences of nearly equal numbers.
struct Pq {
  static constexpr double kM1 = 2610.0 / 16384, kM2 = 2523.0 / 4096 * 128;
  static constexpr double kC3 = 2392.0 / 4096 * 32, kC1 = 3424.0 / 4096, kK = 1 - kC1;
  static constexpr double kPeak = 10000;  // cd/m2

  /// Light, 1 being 10000 cd/m2, of a signal of 0..1.
  FL_HD static float light(float signal) { return lightOfLog(logOfBase(base(signal))); }

  /// light in three parts, for loops that want short chains.
  FL_HD static float base(float signal) {
    const float s = log2Fast(maxf(signal, 1e-8f)) * static_cast<float>(-1 / kM2);  // 0..0.34; black from 0.26 on
    // 1 - 2^-s, minimax to 7e-8 of its value.
    const float q = s * ((0.693147135f - 0.240220952f * s) + s * s * (0.0553972227f - 0.00895282477f * s));
    constexpr float k = static_cast<float>(kK), c3 = static_cast<float>(kC3);
    return maxf(k - q, 0.0f) * reciprocal(k + c3 * q);
  }
  FL_HD static float lightOfLog(float log) { return powerOfLog(log, static_cast<float>(1 / kM1)); }

  /// The signal of a light of 0..1.
  FL_HD static float signal(float light) { return signalOfLog(logOfBase(light)); }
  FL_HD static float signalOfLog(float log) {
    constexpr float k = static_cast<float>(kK), c3 = static_cast<float>(kC3);
    const float y = powerOfLog(log, static_cast<float>(kM1));
    const float q = k * (1.0f - y) * reciprocal(1.0f + c3 * y);
    // -log2(1 - q), minimax to 6e-8 of its value: the power of 79 would show the error of log2Fast.
    const float s =
        q * ((1.44269512f + 0.721322965f * q) + q * q * ((0.48207954f + 0.341152461f * q) + q * q * 0.414889141f));
    return exp2Fast(static_cast<float>(-kM2) * s);
  }

  static double signalOf(double nits) {
    const double y = std::pow(nits / kPeak, kM1);
    return std::pow(1 - kK * (1 - y) / (1 + kC3 * y), kM2);
  }
};

/// HLG.
struct Hlg {
  /// Light of the scene, 0..1, of a signal of 0..1: the inverse of the OETF.
  FL_HD static float sceneLight(float signal) {
    constexpr float a = 0.17883277f, b = 0.28466892f, c = 0.55991073f;
    const float high = (exp2Fast((signal - c) * (1.442695041f / a)) + b) * (1.0f / 12.0f);
    return signal <= 0.5f ? signal * signal * (1.0f / 3.0f) : high;
  }

  /// The gamma of the OOTF for a display of that peak: BT.2100-2 note 5f, and outside its 400..2000 cd/m2 the extension that
  /// Report ITU-R BT.2390-8 gives.
  static double systemGamma(double peak) {
    return peak >= 400 && peak <= 2000 ? 1.2 + 0.42 * std::log10(peak / 1000)
                                       : 1.2 * std::pow(1.111, std::log2(peak / 1000));
  }
};

}  // namespace framelane
