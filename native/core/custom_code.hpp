#pragma once
// The code of a custom op: straight-line instructions on floats, without jumps and calls, so it ends after as many steps as it has
// and reaches nothing but its pixel, its window and its constants.
//
// Words come from JavaScript, and are checked here before anything runs them:
//   4 words an instruction: opcode | register << 8, then the operands a, b, c
//   an operand is kind << 16 | index: see Operand
//   constants before the instructions, in rows of 4 words, the last one filled up
// Registers are written before they are read.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/pixel.hpp"
#include "core/traits.hpp"

namespace framelane::custom {

enum class Opcode : uint32_t {
#define FL_UNARY(name, value) name,
#define FL_BINARY(name, value) name,
#define FL_TERNARY(name, value) name,
#define FL_OUT(name) name,
#define FL_TAP(name) name,
#include "core/custom_opcodes.def"
  count
};

enum class Operand : uint32_t { register_, input, parameter, constant, immediate, count };

/// What an input is: straight alpha for pixels, multiplied by alpha for the middle of a window.
enum class Input : uint32_t { r, g, b, a, x, y, width, height, count };

constexpr int kMostRegisters = 64;
constexpr int kMostConstants = 128;
constexpr int kMostInstructions = 512;
constexpr int kParameters = 12;
constexpr int kWordsOfInstruction = 4;

/// What follows from the code, as the interpreters need it beside the words.
struct Shape {
  uint32_t instructions : 10 = 0;
  uint32_t constants : 8 = 0;
  uint32_t registers : 7 = 0;   // the highest one and those below
  uint32_t outputs : 4 = 0;     // a bit for each channel that is written
  uint32_t positional : 1 = 0;  // reads x or y
  uint32_t rereads : 1 = 0;     // reads a channel after it has written it
  bool operator==(const Shape&) const = default;

  FL_HD constexpr bool writesAlpha() const { return (outputs & 8) != 0; }
  FL_HD constexpr int constantRows() const { return (static_cast<int>(constants) + 3) / 4; }
};

/// What an op of the code has beside it, in the 56 bytes of a step.
struct Kernel {
  float parameters[kParameters];
  uint16_t width, height;
  Shape shape;
};

/// Checked, and free of what nothing reads: equal code has equal words.
struct Code {
  std::string name;
  std::vector<uint32_t> words;
  Shape shape;
  Opaqueness opaqueness = Opaqueness::breaks;
  bool sameAs(const Code& other) const { return words == other.words && shape == other.shape; }
};

/// Words as JavaScript gives them, and what it says of them.
struct Source {
  std::string name;
  std::vector<uint32_t> words;
  int constants = 0;
  int instructions = 0;
  static constexpr int kNoWindow = -1;
  int reach = kNoWindow;  // of a stencil's taps
  bool positional = false;
  Opaqueness opaqueness = Opaqueness::breaks;
};

/// ERR_INVALID_ARGUMENT where something cannot be run, or does more than is said.
std::shared_ptr<const Code> checked(const Source& source);

}  // namespace framelane::custom
