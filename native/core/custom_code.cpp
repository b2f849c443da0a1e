#include "core/custom_code.hpp"

#include <array>
#include <bit>

#include "core/error.hpp"

namespace framelane::custom {

namespace {

struct Row {
  const char* name;
  int operands;
};
constexpr Row kRows[] = {
#define FL_UNARY(name, value) {#name, 1},
#define FL_BINARY(name, value) {#name, 2},
#define FL_TERNARY(name, value) {#name, 3},
#define FL_OUT(name) {#name, 1},
#define FL_TAP(name) {#name, 3},
#include "core/custom_opcodes.def"
};

constexpr std::array<const char*, 3> kOperandNames{"a", "b", "c"};

/// What is known of a value without running the code.
enum class Known : uint8_t { unset, nothing, one, alpha };

class Checker {
 public:
  explicit Checker(const Source& source) : source_(source), code_(std::make_shared<Code>()) {}

  std::shared_ptr<const Code> code() {
    checkSizes();
    code_->name = source_.name;
    code_->words.assign(source_.words.begin(), source_.words.begin() + first());
    for (size_t i = source_.constants; i < first(); i++) code_->words[i] = 0;
    code_->shape.constants = static_cast<uint32_t>(source_.constants);
    code_->shape.instructions = static_cast<uint32_t>(source_.instructions);
    for (at_ = 0; at_ < source_.instructions; at_++) add(source_.words.data() + first() + at_ * kWordsOfInstruction);
    code_->opaqueness = opaqueness();
    checkClaims();
    return code_;
  }

 private:
  static void expect(bool fits, const std::string& what, const std::string& expected, const std::string& received) {
    if (!fits) fail("ERR_INVALID_ARGUMENT", what + ": expected " + expected + ", received " + received);
  }
  static void expectRange(const std::string& what, int64_t value, int64_t from, int64_t to) {
    expect(value >= from && value <= to, what, std::to_string(from) + " to " + std::to_string(to),
           std::to_string(value));
  }
  std::string place(const std::string& what) const { return "words: instruction " + std::to_string(at_) + ": " + what; }

  size_t first() const { return static_cast<size_t>(source_.constants + 3) / 4 * 4; }

  void checkSizes() const {
    expectRange("constants", source_.constants, 0, kMostConstants);
    expectRange("instructions", source_.instructions, 0, kMostInstructions);
    const size_t wanted = first() + static_cast<size_t>(source_.instructions) * kWordsOfInstruction;
    expect(source_.words.size() == wanted, "words",
           std::to_string(wanted) + " for " + std::to_string(source_.constants) + " constants and " +
               std::to_string(source_.instructions) + " instructions",
           std::to_string(source_.words.size()));
  }

  void add(const uint32_t* words) {
    const uint32_t opcode = words[0] & 0xff, target = words[0] >> 8;
    expectRange(place("opcode"), opcode, 0, static_cast<int64_t>(Opcode::count) - 1);
    const Row& row = kRows[opcode];
    const bool isOut = opcode == static_cast<uint32_t>(Opcode::out);
    expectRange(place(row.name + std::string(" to")), target, 0, isOut ? 3 : kMostRegisters - 1);
    std::array<uint32_t, kWordsOfInstruction> kept{words[0]};
    for (int i = 0; i < row.operands; i++) kept[1 + i] = words[1 + i];
    Known known = Known::nothing;
    if (opcode == static_cast<uint32_t>(Opcode::tap)) {
      known = checkTap(words);
    } else {
      for (int i = 0; i < row.operands; i++) checkOperand(row.name, i, words[1 + i]);
      if (opcode == static_cast<uint32_t>(Opcode::mov) || isOut) known = knownOf(words[1]);
    }
    if (isOut) {
      code_->shape.outputs |= 1u << target;
      if (target == 3) alpha_ = known;
    } else {
      registers_[target] = known;
      if (target >= code_->shape.registers) code_->shape.registers = target + 1;
    }
    code_->words.insert(code_->words.end(), kept.begin(), kept.end());
  }

  void checkOperand(const std::string& name, int i, uint32_t word) {
    const std::string what = place(name + " " + kOperandNames[i]);
    const uint32_t index = word & 0xffff;
    switch (static_cast<Operand>(word >> 16)) {
      case Operand::register_:
        expectRange(what + " register", index, 0, kMostRegisters - 1);
        expect(registers_[index] != Known::unset, what, "a register that has been written", std::to_string(index));
        return;
      case Operand::input: {
        expectRange(what + " input", index, 0, static_cast<int64_t>(Input::count) - 1);
        const auto input = static_cast<Input>(index);
        if (input == Input::x || input == Input::y) code_->shape.positional = 1;
        if (index < 4 && (code_->shape.outputs >> index & 1) != 0) code_->shape.rereads = 1;
        return;
      }
      case Operand::parameter: return expectRange(what + " parameter", index, 0, kParameters - 1);
      case Operand::constant: return expectRange(what + " constant", index, 0, source_.constants - 1);
      default:
        expect(false, what, "a register, an input, a parameter or a constant", "kind " + std::to_string(word >> 16));
    }
  }

  Known checkTap(const uint32_t* words) {
    expect(source_.reach >= 0, place("tap"), "a stencil", "an op without a radius");
    std::array<int, 3> values{};
    for (int i = 0; i < 3; i++) {
      expect(words[1 + i] >> 16 == static_cast<uint32_t>(Operand::immediate),
             place("tap " + std::string(kOperandNames[i])), "an immediate integer",
             "kind " + std::to_string(words[1 + i] >> 16));
      values[i] = static_cast<int16_t>(words[1 + i] & 0xffff);
    }
    expectRange(place("tap dx"), values[0], -source_.reach, source_.reach);
    expectRange(place("tap dy"), values[1], -source_.reach, source_.reach);
    expectRange(place("tap channel"), values[2], 0, 3);
    // An opaque frame is so everywhere.
    return values[2] == 3 ? Known::alpha : Known::nothing;
  }

  Known knownOf(uint32_t word) const {
    const uint32_t index = word & 0xffff;
    switch (static_cast<Operand>(word >> 16)) {
      case Operand::register_: return registers_[index];
      case Operand::input: return index == static_cast<uint32_t>(Input::a) ? Known::alpha : Known::nothing;
      case Operand::constant: return std::bit_cast<float>(source_.words[index]) == 1.0f ? Known::one : Known::nothing;
      default: return Known::nothing;
    }
  }

  Opaqueness opaqueness() const {
    if (alpha_ == Known::one) return Opaqueness::makes;
    return alpha_ == Known::alpha ? Opaqueness::keeps : Opaqueness::breaks;
  }

  /// To say less of the code than is true does no harm, to say more would show.
  void checkClaims() const {
    expect(source_.positional || !code_->shape.positional, "positional", "true, as the code reads the position",
           "false");
    const Opaqueness claim = source_.opaqueness;
    const bool holds = claim == Opaqueness::breaks || claim == code_->opaqueness ||
                       (claim == Opaqueness::keeps && code_->opaqueness == Opaqueness::makes);
    constexpr std::array<const char*, 3> names{"keeps", "makes", "breaks"};
    expect(holds, "opaque",
           names[static_cast<int>(code_->opaqueness)] + std::string(", by what the code does to alpha"),
           names[static_cast<int>(claim)]);
  }

  const Source& source_;
  std::shared_ptr<Code> code_;
  std::array<Known, kMostRegisters> registers_{};
  Known alpha_ = Known::alpha;
  int at_ = 0;
};

}  // namespace

std::shared_ptr<const Code> checked(const Source& source) { return Checker(source).code(); }

}  // namespace framelane::custom
