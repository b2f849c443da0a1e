#pragma once
#include "core/error.hpp"
#include "core/pixel.hpp"
#include "core/program.hpp"
#include "core/reader.hpp"
#include "core/traits.hpp"
#include "ops/hdr_transfer.hpp"

namespace framelane {

/// HDR video (PQ or HLG, BT.2020) to SDR video (BT.709): light of the display, the EETF of Report ITU-R BT.2390-8 section 5.4
/// on the largest of red, green and blue (Burke, Smith and Zink 2020: keeps hue and stays in the colour volume), BT.709
/// primaries, and the inverse of the BT.1886 EOTF, which is how an SDR display turns the signal into that light again.
struct ToneMap {
  enum class From { automatic, pq, hlg };
  From from;
  double sourcePeak, targetPeak;
  void read(Reader& reader) {
    from = readEnum<From>(reader, "from", {"auto", "pq", "hlg"});
    sourcePeak = reader.number("sourcePeak");
    targetPeak = reader.number("targetPeak");
  }

  static constexpr Opaqueness kOpaqueness = Opaqueness::keeps;
  struct Kernel {
    From from;
    float scale;            // PQ's light to light of which 1 is the target's peak
    float toPqLight;        // HLG: the display's light to PQ's
    float ootfExponent;     // HLG
    float peak, unpeak;     // the source's peak as a PQ signal, and one over it
    float knee, top, bend;  // EETF: above the knee, top - bend (1 - E)^3
  };
  Kernel kernel(Size) const {
    require(from != From::automatic, "ERR_INVALID_OPTION", "from: expected pq or hlg");
    // With the tangents and the knee of BT.2390, KS = 1.5 maxLum - 0.5, its Hermite spline is a cubic around its end.
    const double peak = Pq::signalOf(sourcePeak), top = std::fmin(1, Pq::signalOf(targetPeak) / peak);
    const double knee = 1.5 * top - 0.5, bend = knee < 1 ? 1 / (3 * (1 - knee) * (1 - knee)) : 0;
    return {from,
            static_cast<float>(Pq::kPeak / targetPeak),
            static_cast<float>(sourcePeak / Pq::kPeak),
            static_cast<float>(Hlg::systemGamma(sourcePeak) - 1),
            static_cast<float>(peak),
            static_cast<float>(1 / peak),
            static_cast<float>(knee),
            static_cast<float>(top),
            static_cast<float>(bend)};
  }

  FL_HD static float largest(Pixel p) { return maxf(p.r, maxf(p.g, p.b)); }
  FL_HD static Pixel scaled(Pixel p, float by) { return {p.r * by, p.g * by, p.b * by, p.a}; }

  /// HLG's OOTF needs the luminance of the scene to a power.
  FL_HD static float logOfLuminance(Pixel scene) {
    return log2Fast(maxf(0.2627f * scene.r + 0.6780f * scene.g + 0.0593f * scene.b, 1e-12f));
  }
  FL_HD static Pixel displayLight(Pixel scene, float logOfLuminance, const Kernel& k) {
    return scaled(scene, exp2Fast(k.ootfExponent * logOfLuminance) * k.toPqLight);
  }

  /// From PQ signal to PQ signal; what is brighter than the source's peak is cut off.
  FL_HD static float eetf(float signal, const Kernel& k) {
    const float e = minf(signal * k.unpeak, 1.0f), rest = 1.0f - e;
    const float bent = k.top - k.bend * rest * rest * rest;
    return k.peak * (e < k.knee ? e : bent);
  }

  /// PQ's light of BT.2020 to light of BT.709, 0..1, `mapped` being what the largest channel becomes. What lies outside the
  /// gamut moves towards the grey of its luminance until it is inside.
  FL_HD static Pixel targetLight(Pixel p, float mapped, const Kernel& k) {
    p = scaled(p, k.scale * mapped * reciprocal(maxf(largest(p), 1e-20f)));
    const float r = 1.660491002f * p.r - 0.587641139f * p.g - 0.072849863f * p.b;  // from the primaries and D65 of both
    const float g = -0.124550475f * p.r + 1.132899897f * p.g - 0.008349423f * p.b;
    const float b = -0.018150763f * p.r - 0.100578898f * p.g + 1.118729661f * p.b;
    const float y = 0.212639006f * r + 0.715168679f * g + 0.072192315f * b;
    const float below = y - minf(r, minf(g, b)), above = maxf(r, maxf(g, b)) - y;
    const float keep = clamp01(minf(y * reciprocal(maxf(below, 1e-9f)), (1.0f - y) * reciprocal(maxf(above, 1e-9f))));
    return {clamp01(mix(y, r, keep)), clamp01(mix(y, g, keep)), clamp01(mix(y, b, keep)), p.a};
  }

  /// The inverse of BT.1886's EOTF, of the logarithm of light.
  FL_HD static float signalOfLog(float log) { return powerOfLog(log, 1.0f / 2.4f); }

  FL_HD static Pixel apply(Pixel p, Position, const Kernel& k) {
    p = {clamp01(p.r), clamp01(p.g), clamp01(p.b), p.a};
    float signal = largest(p);
    if (k.from == From::hlg) {
      const Pixel scene = {Hlg::sceneLight(p.r), Hlg::sceneLight(p.g), Hlg::sceneLight(p.b), p.a};
      p = displayLight(scene, logOfLuminance(scene), k);
      signal = Pq::signal(largest(p));
    } else {
      p = {Pq::light(p.r), Pq::light(p.g), Pq::light(p.b), p.a};
    }
    p = targetLight(p, Pq::light(eetf(signal, k)), k);
    return {signalOfLog(logOfBase(p.r)), signalOfLog(logOfBase(p.g)), signalOfLog(logOfBase(p.b)), p.a};
  }
};

}  // namespace framelane
