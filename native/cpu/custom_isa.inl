// The interpreter of custom ops: an instruction is one vector loop over a run of pixels, so what it costs to find the next one is
// shared by up to 256 of them. Registers are rows of floats that stay in L1: the fewer there are, the longer the runs.
#include "cpu/custom.hpp"

#include "core/custom_math.hpp"

namespace framelane::cpu::FL_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int kWidth = 16;
#elif defined(__AVX2__)
constexpr int kWidth = 8;
#else
constexpr int kWidth = 4;
#endif
typedef float Floats __attribute__((vector_size(4 * kWidth)));
typedef int32_t Integers __attribute__((vector_size(4 * kWidth)));
typedef uint32_t Words __attribute__((vector_size(4 * kWidth)));

}  // namespace
}  // namespace framelane::cpu::FL_ISA

namespace framelane::custom {

template <>
struct WordsOf<cpu::FL_ISA::Floats> {
  using Signed = cpu::FL_ISA::Integers;
  using Unsigned = cpu::FL_ISA::Words;
};

}  // namespace framelane::custom

namespace framelane::cpu::FL_ISA {
namespace {

using custom::Opcode;

/// Where an operand's pixels lie, and how far it is from a vector of them to the next: none where all are the same.
struct Values {
  const float* at;
  ptrdiff_t step;
};

FL_HD Floats load(const Values& values) {
  Floats v;
  __builtin_memcpy(&v, values.at, sizeof(v));  // taps lie anywhere
  return v;
}
FL_HD void store(float* to, const Floats& v) { __builtin_memcpy(to, &v, sizeof(v)); }

struct Operands {
  Values a, b, c;
};
using Instruction = void (*)(float* to, Operands from, int count);

/// One loop for each opcode: what is written may be what is read.
template <int kOperands, class Body>
FL_HD void forEachVector(float* to, Operands& from, int count, const Body& body) {
  for (float* const end = to + count; to != end; to += kWidth) {
    const Floats a = load(from.a), b = kOperands > 1 ? load(from.b) : a, c = kOperands > 2 ? load(from.c) : a;
    store(to, body(a, b, c));
    from.a.at += from.a.step;
    if constexpr (kOperands > 1) from.b.at += from.b.step;
    if constexpr (kOperands > 2) from.c.at += from.c.step;
  }
}

namespace instructions {

using namespace custom;
using F = Floats;

#define FL_ROW(name, operands, value)                                                                           \
  void name##_(float* to, Operands from, int count) {                                                           \
    forEachVector<operands>(to, from, count,                                                                    \
                            [](F a, [[maybe_unused]] F b, [[maybe_unused]] F c) __attribute__((always_inline)) { \
                              return value;                                                                     \
                            });                                                                                 \
  }
#define FL_UNARY(name, value) FL_ROW(name, 1, (value))
#define FL_BINARY(name, value) FL_ROW(name, 2, (value))
#define FL_TERNARY(name, value) FL_ROW(name, 3, (value))
#include "core/custom_opcodes.def"
#undef FL_ROW

}  // namespace instructions

constexpr Instruction kInstructions[] = {
#define FL_UNARY(name, value) instructions::name##_,
#define FL_BINARY FL_UNARY
#define FL_TERNARY FL_UNARY
#define FL_OUT(name) instructions::mov_,
#define FL_TAP(name) instructions::mov_,
#include "core/custom_opcodes.def"
};

/// Operands of every kind in one row of places, kind by kind.
constexpr int kInputsFrom = custom::kMostRegisters;
constexpr int kParametersFrom = kInputsFrom + static_cast<int>(custom::Input::count);
constexpr int kConstantsFrom = kParametersFrom + custom::kParameters;
constexpr int kPlaces = kConstantsFrom + custom::kMostConstants;
constexpr int kPlacesFrom[] = {0, kInputsFrom, kParametersFrom, kConstantsFrom};
constexpr int kRegisterFloats = 4096;  // all of them: 16 KiB of L1

FL_HD float asFloat(uint32_t word) { return custom::bitsAs<float>(word); }

class Interpreter {
 public:
  explicit Interpreter(const CustomRun& run)
      : run_(run), shape_(run.kernel->shape), rereads_(shape_.rereads != 0), code_(run.code + 4 * shape_.constantRows()) {
    // As long as registers allow, in whole vectors of every instruction set.
    const int registers = shape_.registers > 0 ? static_cast<int>(shape_.registers) : 1;
    const int fitting = kRegisterFloats / registers / 16 * 16;
    piece_ = fitting < run.count ? fitting : run.count;
    for (int i = 0; i < registers; i++) places_[i] = {registers_ + i * piece_, kWidth};
    for (int i = 0; i < custom::kParameters; i++) setAll(kParametersFrom + i, run.kernel->parameters[i]);
    for (int i = 0; i < static_cast<int>(shape_.constants); i++) setAll(kConstantsFrom + i, asFloat(run.code[i]));
    setAll(input(custom::Input::a), 1.0f);
    setAll(input(custom::Input::y), run.y);
    setAll(input(custom::Input::width), static_cast<float>(run.kernel->width));
    setAll(input(custom::Input::height), static_cast<float>(run.kernel->height));
  }

  void run() {
    for (int from = 0; from < run_.count; from += piece_) {
      const int count = piece_ < run_.count - from ? piece_ : run_.count - from;
      place(from, count);
      for (const uint32_t *at = code_, *end = code_ + 4 * shape_.instructions; at != end; at += 4) step(at, from, count);
      if (rereads_) deliver(from, count);
    }
  }

 private:
  static constexpr int input(custom::Input input) { return kInputsFrom + static_cast<int>(input); }

  void setAll(int place, float value) {
    float* const to = constants_[place - kInputsFrom];
    store(to, Floats{} + value);
    places_[place] = {to, 0};
  }

  void place(int from, int count) {
    for (int i = 0; i < 4; i++) {
      if (run_.inputs[i]) places_[kInputsFrom + i] = {run_.inputs[i] + from, kWidth};
      outputs_[i] = rereads_ ? results_[i] : run_.outputs[i] + from;
    }
    if (!shape_.positional) return;
    for (int i = 0; i < count; i++) columns_[i] = run_.x + static_cast<float>(from + i);
    places_[input(custom::Input::x)] = {columns_, kWidth};
  }

  FL_HD const Values& operand(uint32_t word) const { return places_[kPlacesFrom[word >> 16] + (word & 0xffff)]; }

  FL_HD void step(const uint32_t* words, int from, int count) {
    const uint32_t opcode = words[0] & 0xff, target = words[0] >> 8;
    if (opcode == static_cast<uint32_t>(Opcode::tap)) {
      instructions::mov_(registers_ + target * piece_, {tap(words, from), {}, {}}, count);
      return;
    }
    float* const to = opcode == static_cast<uint32_t>(Opcode::out) ? outputs_[target] : registers_ + target * piece_;
    kInstructions[opcode](to, {operand(words[1]), operand(words[2]), operand(words[3])}, count);
  }

  Values tap(const uint32_t* words, int from) const {
    const auto immediate = [&](int i) { return static_cast<int>(static_cast<int16_t>(words[i] & 0xffff)); };
    const int channel = immediate(3);
    if (!run_.inputs[channel]) return places_[input(custom::Input::a)];
    return {run_.rows[immediate(2) + run_.reach] + channel * run_.plane + immediate(1) + from, kWidth};
  }

  void deliver(int from, int count) const {
    for (int i = 0; i < 4; i++)
      if ((shape_.outputs >> i & 1) != 0) instructions::mov_(run_.outputs[i] + from, {{results_[i], kWidth}, {}, {}}, count);
  }

  const CustomRun& run_;
  const custom::Shape shape_;
  const bool rereads_;
  const uint32_t* const code_;
  int piece_;
  float* outputs_[4];
  Values places_[kPlaces];
  alignas(64) float registers_[kRegisterFloats];
  alignas(64) float columns_[kMostOfRun];
  alignas(64) float results_[4][kMostOfRun];
  alignas(64) float constants_[kPlaces - kInputsFrom][kWidth];
};

}  // namespace

void runCustom(const CustomRun& run) {
  Interpreter interpreter(run);
  interpreter.run();
}

}  // namespace framelane::cpu::FL_ISA
