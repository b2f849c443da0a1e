#include "cuda/specialised/coded.hpp"

namespace framelane::cuda {

namespace {

/// Each instruction as a function of its operands.
constexpr const char* kOperations =
#define FL_UNARY(name, value) \
  "__device__ __forceinline__ float " #name "_(float a, float b, float c) { return " #value "; }\n"
#define FL_BINARY FL_UNARY
#define FL_TERNARY FL_UNARY
#include "core/custom_opcodes.def"
    ;

constexpr const char* kNames[] = {
#define FL_UNARY(name, value) #name,
#define FL_BINARY FL_UNARY
#define FL_TERNARY FL_UNARY
#define FL_OUT(name) #name,
#define FL_TAP(name) #name,
#include "core/custom_opcodes.def"
};

constexpr const char* kChannels[] = {"result.r", "result.g", "result.b", "result.a"};
constexpr const char* kInputs[] = {"p.r", "p.g", "p.b", "p.a", "at.x", "at.y", "float(k.width)", "float(k.height)"};

std::string operandOf(uint32_t word, const custom::Code& code) {
  const uint32_t index = word & 0xffff;
  switch (static_cast<custom::Operand>(word >> 16)) {
    case custom::Operand::register_: return "r" + std::to_string(index);
    case custom::Operand::input: return kInputs[index];
    case custom::Operand::parameter: return "k.parameters[" + std::to_string(index) + ']';
    case custom::Operand::constant: return "__uint_as_float(" + std::to_string(code.words[index]) + "u)";
    default: return "0.0f";
  }
}

}  // namespace

const std::string kCodedHeader = std::string(
                                     "#include \"core/custom_code.hpp\"\n#include \"core/custom_math.hpp\"\n\n"
                                     "namespace framelane::custom {\n\nusing F = float;\n") +
                                 kOperations + "\n}  // namespace framelane::custom\n\n";

std::string codedOp(const std::string& name, const custom::Code& code) {
  std::string text = "namespace framelane {\n\nstruct " + name +
                     " {\n  using Kernel = custom::Kernel;\n"
                     "  FL_HD static Pixel apply(Pixel p, Position at, const Kernel& k) {\n"
                     "    using namespace custom;\n    Pixel result = p;\n";
  for (uint32_t i = 0; i < code.shape.registers; i++) text += "    float r" + std::to_string(i) + " = 0;\n";
  const uint32_t* words = code.words.data() + code.shape.constantRows() * custom::kWordsOfInstruction;
  for (uint32_t i = 0; i < code.shape.instructions; i++, words += custom::kWordsOfInstruction) {
    const uint32_t opcode = words[0] & 0xff, target = words[0] >> 8;
    const bool isOut = opcode == static_cast<uint32_t>(custom::Opcode::out);
    const std::string a = operandOf(words[1], code);
    text += std::string("    ") + (isOut ? kChannels[target] : "r" + std::to_string(target)) + " = " +
            (isOut ? a
                   : std::string(kNames[opcode]) + "_(" + a + ", " + operandOf(words[2], code) + ", " +
                         operandOf(words[3], code) + ')') +
            ";\n";
  }
  return text + "    return result;\n  }\n};\n\n}  // namespace framelane\n\n";
}

}  // namespace framelane::cuda
