// The stencils' executor. A block reads a tile and what its windows reach into shared memory, as floats; a thread makes four
// results of one column, whose windows share rows.
#include "cuda/area.cuh"
#include "cuda/custom_stencil.hpp"
#include "cuda/launch.cuh"
#include "cuda/queue.hpp"
#include "cuda/stencil.hpp"
#include "ops/all.hpp"

namespace framelane::cuda {

namespace {

constexpr int kColumns = 32;  // of a tile: a warp
constexpr int kWarps = 8;
constexpr int kOutputs = 4;  // of one thread, one below the other
constexpr int kRows = kWarps * kOutputs;

/// A pixel as the tile keeps it.
template <int Channels>
using Kept = std::conditional_t<Channels == 4, float4, float>;

template <class T, int Channels>
__device__ __forceinline__ Kept<Channels> keep(const Plane& plane, int x, int y, bool straightAlpha) {
  if constexpr (Channels == 1) {
    return sampleToFloat(sampleAt<const T>(plane, x, y));
  } else {
    float4 v = toUnit(sampleAt<const typename RunWord<T, 4>::Type>(plane, x, y));
    if constexpr (std::is_same_v<T, uint8_t>) {
      constexpr float unit = 1 / 255.0f;
      v = {v.x * unit, v.y * unit, v.z * unit, v.w * unit};
    }
    if (straightAlpha) v = {v.x * v.w, v.y * v.w, v.z * v.w, v.w};
    return v;
  }
}

/// Around one pixel of the tile.
template <int Channels, int Pitch, bool Opaque>
struct Window {
  const Kept<Channels>* centre;
  __device__ __forceinline__ Pixel operator()(int dx, int dy) const {
    const Kept<Channels> v = centre[dy * Pitch + dx];
    if constexpr (Channels == 1)
      return {v, v, v, 1.0f};
    else
      return {v.x, v.y, v.z, Opaque ? 1.0f : v.w};
  }
};

template <class T, int Channels, bool Opaque>
__device__ __forceinline__ void storeResult(const UnitSink& sink, int x, int y, Pixel p) {
  if constexpr (Channels == 1) {
    if (x < sink.plane.width && y < sink.plane.height) setSample(sampleAt<T>(sink.plane, x, y), p.r, sink.maxCode);
  } else {
    if (4 * x >= sink.plane.width) return;
    if constexpr (!Opaque) {
      const bool visible = p.a >= 1e-6f;
      const float inverse = visible ? reciprocal(p.a) : 0.0f;
      p = {p.r * inverse, p.g * inverse, p.b * inverse, visible ? p.a : 0.0f};
    }
    constexpr float codes = std::is_same_v<T, uint8_t> ? 255.0f : 1.0f;
    storeUnit<T>(sink, x, y, {p.r * codes, p.g * codes, p.b * codes, p.a * codes});
  }
}

template <class Op, class In, class Out, int Channels, bool Opaque>
__global__ void __launch_bounds__(kColumns* kWarps)
    stencil(const Plane input, const UnitSink output, const __grid_constant__ typename Op::Kernel kernel) {
  constexpr int reach = Op::kReach, pitch = kColumns + 2 * reach, lines = kRows + 2 * reach;
  __shared__ Kept<Channels> tile[lines * pitch];
  const int x0 = blockIdx.x * kColumns, y0 = blockIdx.y * kRows;
  const int lane = threadIdx.x, warp = threadIdx.y;
  for (int i = warp; i < lines; i += kWarps) {
    const int y = clampIndex(y0 - reach + i, input.height);
#pragma unroll
    for (int j = lane; j < pitch; j += kColumns)
      tile[i * pitch + j] = keep<In, Channels>(input, clampIndex(x0 - reach + j, input.width), y, !Opaque);
  }
  __syncthreads();

  const int x = x0 + lane, y = y0 + warp * kOutputs;
  const Kept<Channels>* const centre = tile + (warp * kOutputs + reach) * pitch + reach + lane;
  // All results before the first is stored: a store could change the tile, for all the compiler knows.
  Pixel results[kOutputs];
#pragma unroll
  for (int t = 0; t < kOutputs; t++)
    results[t] = Op::apply(Window<Channels, pitch, Opaque>{centre + t * pitch},
                           {static_cast<float>(x), static_cast<float>(y + t)}, kernel);
#pragma unroll
  for (int t = 0; t < kOutputs; t++) storeResult<Out, Channels, Opaque>(output, x, y + t, results[t]);
}

struct Work {
  cudaStream_t stream;
  const Plane& input;
  const Plane& output;
  const Stencil& stencil;
  bool straightAlpha;
};

template <class Op, class In, class Out, int Channels, bool Opaque>
void start(const Work& work) {
  const Launch how{.grid = {ceilDiv(work.input.width, kColumns), ceilDiv(work.input.height, kRows)},
                   .block = {kColumns, kWarps},
                   .stream = work.stream};
  launch(stencil<Op, In, Out, Channels, Opaque>, how, work.input, sinkOf(work.output, false),
         work.stencil.step.as<typename Op::Kernel>());
}

template <class Op, class In, class Out, int Channels>
void startFor(const Work& work) {
  if constexpr (Channels == 1)
    start<Op, In, Out, 1, true>(work);
  else if (work.straightAlpha)
    start<Op, In, Out, 4, false>(work);
  else
    start<Op, In, Out, 4, true>(work);
}

/// Filters do not change the integer element, and RGBA of 16 bits passes them as floats.
template <class Op>
void startOp(const Work& work) {
  const Element from = work.input.element, to = work.output.element;
  const auto between = [&](auto code, auto channels) {
    using Code = decltype(code);
    constexpr int kChannels = decltype(channels)::value;
    if (from == Element::f32)
      startFor<Op, float, Code, kChannels>(work);
    else if (to == Element::f32)
      startFor<Op, Code, float, kChannels>(work);
    else
      startFor<Op, Code, Code, kChannels>(work);
  };
  const auto withChannels = [&](auto channels) {
    if (from == Element::u8 || to == Element::u8) return between(uint8_t{}, channels);
    if constexpr (decltype(channels)::value == 1)
      if (from == Element::u16 || to == Element::u16) return between(uint16_t{}, channels);
    startFor<Op, float, float, decltype(channels)::value>(work);
  };
  if (work.input.channels == 1)
    withChannels(std::integral_constant<int, 1>{});
  else
    withChannels(std::integral_constant<int, 4>{});
}

void startCoded(const Work& work) {
  startCustomStencil(work.stencil, work.input, work.output, work.straightAlpha, work.stream);
}

/// Indexed by StencilId.
constexpr void (*kStarts[])(const Work&) = {
#define FL_STENCIL(Struct, name) startOp<Struct>,
#define FL_CODED_STENCIL(Struct, name) startCoded,
#include "ops/registry.def"
};

class StencilStage final : public AreaStage {
 public:
  StencilStage(const Stencil& stencil, const AreaShape& shape)
      : stencil_(stencil), straightAlpha_(shape.straightAlpha) {}
  void run(Queue& queue, const Plane& input, const Plane& output, void*) const override {
    kStarts[stencil_.step.id]({streamOf(queue), input, output, stencil_, straightAlpha_});
  }

 private:
  Stencil stencil_;
  bool straightAlpha_;
};

}  // namespace

std::unique_ptr<AreaStage> prepareStencil(const Stencil& stencil, Device&, const AreaShape& shape) {
  return std::make_unique<StencilStage>(stencil, shape);
}

}  // namespace framelane::cuda
