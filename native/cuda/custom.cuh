#pragma once
// The interpreter of custom ops: every instruction for all pixels of a thread, so that four pixels share what it costs to find it.
// Branches are uniform: all threads run the same code.
//
// Registers of the code lie in shared memory, each thread's in a column of its own, so nothing waits for other threads. A local
// array would be found by number alike, but the driver reserves local memory for every thread that fits on the device: 1 KiB
// each, 270 MB on an H200.
#include <cuda_runtime.h>

#include "core/custom_code.hpp"
#include "core/custom_math.hpp"
#include "core/pixel.hpp"

namespace framelane::cuda {

/// So many registers of four pixels fit in what every device gives a block, 48 KiB. Code with more runs pixel by pixel.
constexpr uint32_t kMostWideRegisters = 20;

constexpr size_t registerBytes(const custom::Shape& shape, int threads) {
  const size_t pixels = shape.registers <= kMostWideRegisters ? 4 : 1;
  return shape.registers * pixels * threads * sizeof(float);
}

template <int kPixels>
struct alignas(kPixels * sizeof(float)) Values {
  float v[kPixels];
};

struct CodeOf {
  const void* table;
  const custom::Kernel& kernel;
};

/// Of pixels, which have no neighbours.
struct NoTaps {};

/// Pixels first..first+kPixels-1 of the thread.
template <int kPixels, int kThreads, class Position, class Taps>
class Interpreter {
 public:
  __device__ Interpreter(const CodeOf& code, const Position& position, const Taps& taps, int first)
      : kernel_(code.kernel),
        table_(static_cast<const uint4*>(code.table)),
        position_(position),
        taps_(taps),
        first_(first) {
    extern __shared__ float4 shared[];
    registers_ = reinterpret_cast<Values<kPixels>*>(shared) + (threadIdx.y * blockDim.x + threadIdx.x);
  }

  __device__ void run(Pixel* pixels) {
#pragma unroll
    for (int i = 0; i < kPixels; i++) {
      inputs_[0].v[i] = outputs_[0].v[i] = pixels[i].r;
      inputs_[1].v[i] = outputs_[1].v[i] = pixels[i].g;
      inputs_[2].v[i] = outputs_[2].v[i] = pixels[i].b;
      inputs_[3].v[i] = outputs_[3].v[i] = pixels[i].a;
    }
    const uint4* const instructions = table_ + kernel_.shape.constantRows();
#pragma unroll 1
    for (uint32_t i = 0; i < kernel_.shape.instructions; i++) step(__ldg(instructions + i));
#pragma unroll
    for (int i = 0; i < kPixels; i++)
      pixels[i] = {outputs_[0].v[i], outputs_[1].v[i], outputs_[2].v[i], outputs_[3].v[i]};
  }

 private:
  using Row = Values<kPixels>;
  using Opcode = custom::Opcode;

  static __device__ __forceinline__ Row same(float value) {
    Row row;
#pragma unroll
    for (float& v : row.v) v = value;
    return row;
  }

  __device__ __forceinline__ Row input(uint32_t index) const {
    Row row;
    switch (static_cast<custom::Input>(index)) {
      case custom::Input::r: return inputs_[0];
      case custom::Input::g: return inputs_[1];
      case custom::Input::b: return inputs_[2];
      case custom::Input::a: return inputs_[3];
      case custom::Input::x:
#pragma unroll
        for (int i = 0; i < kPixels; i++) row.v[i] = position_(first_ + i).x;
        return row;
      case custom::Input::y:
#pragma unroll
        for (int i = 0; i < kPixels; i++) row.v[i] = position_(first_ + i).y;
        return row;
      case custom::Input::width: return same(static_cast<float>(kernel_.width));
      default: return same(static_cast<float>(kernel_.height));
    }
  }

  __device__ __forceinline__ Row operand(uint32_t word) const {
    const uint32_t index = word & 0xffff;
    switch (static_cast<custom::Operand>(word >> 16)) {
      case custom::Operand::register_: return registers_[index * kThreads];
      case custom::Operand::input: return input(index);
      case custom::Operand::parameter: return same(kernel_.parameters[index]);
      default: return same(__ldg(reinterpret_cast<const float*>(table_) + index));
    }
  }

  __device__ __forceinline__ Row tap(const uint4& words) const {
    Row row = inputs_[0];
    if constexpr (!std::is_same_v<Taps, NoTaps>) {
#pragma unroll
      for (int i = 0; i < kPixels; i++)
        row.v[i] = taps_(first_ + i, immediate(words.y), immediate(words.z), immediate(words.w));
    }
    return row;
  }
  static __device__ __forceinline__ int immediate(uint32_t word) { return static_cast<int16_t>(word & 0xffff); }

  /// Opcodes that read b, and those that read c.
  static constexpr uint64_t kTakesB = 0
#define FL_BINARY(name, value) | 1ull << static_cast<uint32_t>(Opcode::name)
#define FL_TERNARY FL_BINARY
#include "core/custom_opcodes.def"
      ;
  static constexpr uint64_t kTakesC = 0
#define FL_TERNARY(name, value) | 1ull << static_cast<uint32_t>(Opcode::name)
#include "core/custom_opcodes.def"
      ;

  __device__ __forceinline__ void step(const uint4 words) {
    using namespace custom;
    using F = float;
    const uint32_t opcode = words.x & 0xff, target = words.x >> 8;
    if (opcode == static_cast<uint32_t>(Opcode::tap)) {
      registers_[target * kThreads] = tap(words);
      return;
    }
    const Row rowA = operand(words.y);
    if (opcode == static_cast<uint32_t>(Opcode::out)) {
#pragma unroll
      for (uint32_t i = 0; i < 4; i++)
        if (target == i) outputs_[i] = rowA;
      return;
    }
    const Row rowB = kTakesB >> opcode & 1 ? operand(words.z) : rowA;
    const Row rowC = kTakesC >> opcode & 1 ? operand(words.w) : rowA;
    Row result = rowA;
    switch (static_cast<Opcode>(opcode)) {
#define FL_UNARY(name, value)                                                   \
  case Opcode::name:                                                            \
    _Pragma("unroll") for (int i = 0; i < kPixels; i++) {                       \
      [[maybe_unused]] const float a = rowA.v[i], b = rowB.v[i], c = rowC.v[i]; \
      result.v[i] = (value);                                                    \
    }                                                                           \
    break;
#define FL_BINARY FL_UNARY
#define FL_TERNARY FL_UNARY
#include "core/custom_opcodes.def"
      default: break;
    }
    registers_[target * kThreads] = result;
  }

  const custom::Kernel& kernel_;
  const uint4* table_;
  const Position& position_;
  const Taps& taps_;
  int first_;
  Row* registers_;
  Row inputs_[4], outputs_[4];
};

/// `position(i)` is that of the thread's pixel i, `taps(i, dx, dy, channel)` what lies around it.
template <int kThreads, class Position, class Taps>
__device__ __forceinline__ void runCode(Pixel (&pixels)[4], const CodeOf& code, const Position& position,
                                        const Taps& taps) {
  if (code.kernel.shape.registers <= kMostWideRegisters) {
    Interpreter<4, kThreads, Position, Taps>(code, position, taps, 0).run(pixels);
    return;
  }
  // The pixels go round, because registers of the machine have no numbers.
#pragma unroll 1
  for (int i = 0; i < 4; i++) {
    Interpreter<1, kThreads, Position, Taps>(code, position, taps, i).run(pixels);
    const Pixel first = pixels[0];
    pixels[0] = pixels[1];
    pixels[1] = pixels[2];
    pixels[2] = pixels[3];
    pixels[3] = first;
  }
}

}  // namespace framelane::cuda
