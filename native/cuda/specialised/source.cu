#include "cuda/specialised/source.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <iterator>

#include "cuda/specialised/coded.hpp"
#include "cuda/specialised/count.hpp"
#include "cuda/specialised/headers.hpp"

namespace framelane::cuda {

namespace {

struct PointName {
  const char* name;
  bool coded;
};
constexpr PointName kPoints[] = {
#define FL_POINT(Struct, name) {#Struct, false},
#define FL_CODED_POINT(Struct, name) {#Struct, true},
#include "ops/registry.def"
};

constexpr const char* kLayouts[] = {"RowLayout", "ResampledRowLayout", "TileLayout", "ResampledTileLayout",
                                    "Twice<Plain<RowLayout>>"};
constexpr const char* kMaps[] = {"Map::identity", "Map::diagonal", "Map::full"};
constexpr const char* kElements[] = {"Element::u8", "Element::u16", "Element::f32"};

/// Headers of the C++ library, and of ours for the host.
constexpr const char* kHostHeaders[] = {
    "array",       "cmath",           "concepts",         "cstddef",        "cstdint",
    "cstring",     "limits",          "memory",           "string",         "vector",
    "type_traits", "utility",         "initializer_list", "cuda_runtime.h", "ops/all.hpp",
    "core/op.hpp", "core/reader.hpp", "core/image.hpp",   "core/error.hpp"};

/// FillColor is in ops/fill_color.hpp.
std::string headerOf(const std::string& name) {
  std::string file;
  for (const char letter : name) {
    if (std::isupper(static_cast<unsigned char>(letter)) && !file.empty()) file += '_';
    file += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return "ops/" + file + ".hpp";
}

std::string text(bool value) { return value ? "true" : "false"; }
std::string text(float value) { return std::to_string(value) + 'f'; }  // codes, of no more than 16 bits

std::string text(const Access& access) {
  return std::string("{") + kElements[static_cast<int>(access.element)] + ", " + text(access.rgba) + ", " +
         text(access.chroma) + ", " + text(access.alpha) + ", " + text(access.wide) + ", " +
         std::to_string(access.shiftX) + ", " + std::to_string(access.shiftY) + ", " + text(access.coSitedX) + ", " +
         text(access.coSitedY) + ", " + text(access.maxCode) + ", " + text(access.neutral) + '}';
}

bool isForHost(const std::string& name) { return std::ranges::find(kHostHeaders, name) != std::end(kHostHeaders); }

std::vector<SourceHeader> headers() {
  std::vector<SourceHeader> all;
  for (const SourceHeader& header : embeddedHeaders()) {
    if (header.name == "cuda/specialised/host.hpp")
      for (const char* name : kHostHeaders) all.push_back({name, header.text});
    else if (!isForHost(header.name))
      all.push_back(header);
  }
  all.push_back({"ops/registry.def", ""});
  return all;
}

}  // namespace

Specialisation specialisationOf(const Pass& pass, PointLayout layout, const Codes& codes) {
  const PointProgram& program = pass.program;
  Specialisation what;
  std::memset(static_cast<void*>(&what), 0, sizeof(what));
  const auto copy = [](Access& to, const Access& from) {
    to.element = from.element;
    to.rgba = from.rgba;
    to.chroma = from.chroma;
    to.alpha = from.alpha;
    to.wide = from.wide;
    to.shiftX = from.shiftX;
    to.shiftY = from.shiftY;
    to.coSitedX = from.coSitedX;
    to.coSitedY = from.coSitedY;
    to.maxCode = from.maxCode;
    to.neutral = from.neutral;
  };
  copy(what.input, pass.input);
  copy(what.output, pass.output);
  what.load = pass.load;
  what.store = pass.store;
  what.layout = layout;
  what.plain = layout != PointLayout::rowTwice && isPlain(pass);
  what.readsInput = program.readsInput;
  what.unitStore = pass.unitStore;
  what.insideView = pass.insideView;
  what.directView = pass.directView;
  what.stepCount = static_cast<uint8_t>(program.stepCount);
  for (int i = 0; i < program.stepCount; i++) what.steps[i] = static_cast<uint8_t>(program.steps[i].id);
  for (size_t i = 0; i < codes.size(); i++) what.codes[i] = codes[i]->serial;
  return what;
}

CompileRequest specialisedProgram(const Specialisation& what, const Codes& codes, const std::string& architecture) {
  std::string source;
  std::vector<std::string> ops;
  for (int i = 0; i < what.stepCount; i++) {
    ops.push_back(kPoints[what.steps[i]].name);
    if (kPoints[what.steps[i]].coded) continue;
    source += "#include \"" + headerOf(ops.back()) + "\"\n";
  }
  if (!codes.empty()) source += kCodedHeader;
  size_t code = 0;
  for (int i = 0; i < what.stepCount; i++) {
    if (!kPoints[what.steps[i]].coded) continue;
    ops[i] = "Custom" + std::to_string(code);
    source += codedOp(ops[i], *codes[code++]);
  }
  const std::string name = kLayouts[static_cast<int>(what.layout)];
  const std::string layout = what.plain ? "Plain<" + name + '>' : name;
  source += R"(#include "cuda/point_rows.cuh"
#include "cuda/point_steps.cuh"
#include "cuda/point_tiles.cuh"

namespace framelane::cuda {

struct Constant {
  const PointProgram& program;
  Access input)" +
            text(what.input) + ";\n  Access output" + text(what.output) +
            ";\n  Map load = " + kMaps[static_cast<int>(what.load)] +
            ", store = " + kMaps[static_cast<int>(what.store)] + ";\n  bool unitStore = " + text(what.unitStore) +
            ", insideView = " + text(what.insideView) + ", directView = " + text(what.directView) + R"(;
};

template <class Op, class Layout>
__device__ __forceinline__ void take(Pixels& pixels, const Layout& at, const PointProgram& program, int i) {
  const PointStep& step = program.steps[i];
  applyStep<Op>(pixels, at, step, program.sources + step.source);
}

extern "C" __global__ void __launch_bounds__(32 * kWarps) fused(const __grid_constant__ Pass pass) {
  const PointProgram& program = pass.program;
  const )" + layout +
            R"( at(pass);
  if (at.idle(program.output.planes[0])) return;
  Pixels pixels;
  const Constant constant{program};
)" + (what.readsInput ? "  load(pixels, at, constant);\n" : "  clear(pixels);\n");
  for (int i = 0; i < what.stepCount; i++)
    source += "  take<" + ops[i] + ">(pixels, at, program, " + std::to_string(i) + ");\n";
  source += "  store(pixels, at, constant);\n}\n\n}  // namespace framelane::cuda\n";
  return {.source = std::move(source),
          .architecture = architecture,
          .options = {"--std=c++20", "--device-as-default-execution-space"},
          .headers = headers()};
}

std::vector<CompileRequest> sampleSpecialisedPrograms() {
  // An instruction of each kind of operand: red becomes twice the parameter, and so on.
  constexpr uint32_t kInput = 1 << 16, kParameter = 2 << 16, kConstant = 3 << 16;
  custom::Source text{.name = "sample", .words = {0x40000000, 0, 0, 0}, .constants = 1, .instructions = 3};
  const auto add = [&](custom::Opcode opcode, uint32_t target, uint32_t a, uint32_t b) {
    text.words.insert(text.words.end(), {static_cast<uint32_t>(opcode) | target << 8, a, b, 0});
  };
  add(custom::Opcode::mul, 0, kParameter, kConstant);
  add(custom::Opcode::pow, 0, 0, kInput | 1);
  add(custom::Opcode::out, 0, 0, 0);
  const Codes codes{custom::checked(text)};
  std::vector<CompileRequest> programs;
  for (const bool rgba : {true, false}) {
    Specialisation what;
    what.output = {.element = Element::u8, .rgba = rgba, .chroma = !rgba, .maxCode = 255, .neutral = 128};
    what.input = what.output;
    what.load = what.store = Map::full;
    what.layout = rgba ? PointLayout::row : PointLayout::tile;
    what.readsInput = true;
    what.stepCount = 1;
    for (size_t i = 0; i < std::size(kPoints); i++) {
      what.steps[0] = static_cast<uint8_t>(i);
      programs.push_back(specialisedProgram(what, kPoints[i].coded ? codes : Codes(), ""));
    }
  }
  return programs;
}

}  // namespace framelane::cuda
