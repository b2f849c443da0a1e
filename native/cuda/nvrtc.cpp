#include "cuda/nvrtc.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>

namespace framelane::cuda {

// As nvrtc.h declares them; the header comes with the library, which need not be there to build.
struct Nvrtc::Functions {
  using Program = struct OpaqueProgram*;
  int (*nvrtcVersion)(int* major, int* minor);
  int (*nvrtcGetNumSupportedArchs)(int* count);
  int (*nvrtcGetSupportedArchs)(int* capabilities);
  const char* (*nvrtcGetErrorString)(int result);
  int (*nvrtcCreateProgram)(Program*, const char* source, const char* name, int headers, const char* const* texts,
                            const char* const* names);
  int (*nvrtcDestroyProgram)(Program*);
  int (*nvrtcAddNameExpression)(Program, const char* expression);
  int (*nvrtcCompileProgram)(Program, int count, const char* const* options);
  int (*nvrtcGetLoweredName)(Program, const char* expression, const char** symbol);
  int (*nvrtcGetProgramLogSize)(Program, size_t*);
  int (*nvrtcGetProgramLog)(Program, char*);
  int (*nvrtcGetCUBINSize)(Program, size_t*);
  int (*nvrtcGetCUBIN)(Program, char*);
  int (*nvrtcGetPTXSize)(Program, size_t*);
  int (*nvrtcGetPTX)(Program, char*);
};

namespace {

constexpr const char* kRemedy =
    "; install the CUDA toolkit, or run \"pip install nvidia-cuda-nvrtc\" and set FRAMELANE_NVRTC to the path of its "
    "libnvrtc.so";

/// No folder can be there, so that the source includes no file of the working directory by chance.
constexpr const char* kNowhere = "/dev/null/";
constexpr const char* kSourceName = "/dev/null/module.cu";

[[noreturn]] void unavailable(const std::string& why) { fail("ERR_NVRTC_UNAVAILABLE", "NVRTC " + why + kRemedy); }

std::vector<std::string> candidates() {
  if (const char* chosen = std::getenv("FRAMELANE_NVRTC"); chosen && *chosen) return {chosen};
  const char* const names[] = {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"};
  std::vector<std::string> paths(std::begin(names), std::end(names));
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH"})
    if (const char* home = std::getenv(variable); home && *home)
      for (const char* name : names) paths.push_back(std::string(home) + "/lib64/" + name);
  for (const char* name : names) paths.push_back(std::string("/usr/local/cuda/lib64/") + name);
  return paths;
}

template <class Function>
void find(void* library, const std::string& path, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (!function) unavailable("at " + path + " is too old: it has no " + name);
}

std::string folderOf(const void* symbol) {
  Dl_info info{};
  const std::string path = dladdr(symbol, &info) && info.dli_fname ? info.dli_fname : "";
  return path.substr(0, path.find_last_of('/') + 1);
}

std::string textOf(std::vector<char> bytes) {
  while (!bytes.empty() && bytes.back() == '\0') bytes.pop_back();
  return {bytes.begin(), bytes.end()};
}

std::string withoutFolder(std::string log) {
  const std::string_view folder = kNowhere;
  for (size_t at = log.find(folder); at != std::string::npos; at = log.find(folder, at)) log.erase(at, folder.size());
  return log;
}

bool namesFile(std::string_view option) {
  for (const std::string_view start : {"-I", "--include-path", "-include", "--pre-include"})
    if (option.starts_with(start)) return true;
  return option.find("pch") != std::string_view::npos;
}

}  // namespace

const Nvrtc& Nvrtc::get() {
  static std::mutex& mutex = *new std::mutex;  // threads may compile while the process exits
  static const Nvrtc* loaded = nullptr;
  const std::scoped_lock lock(mutex);
  if (loaded) return *loaded;
  std::string tried;
  for (const std::string& path : candidates()) {
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return *(loaded = new Nvrtc(path, library));
    const char* reason = dlerror();
    const bool isMissing =
        reason && std::string_view(reason).find("cannot open shared object") != std::string_view::npos;
    tried += (tried.empty() ? "" : ", ") + path + (isMissing || !reason ? "" : std::string(" (") + reason + ')');
  }
  unavailable("compiles CUDA at run time, and was not found: looked for " + tried);
}

Nvrtc::Nvrtc(std::string path, void* library) : path_(std::move(path)) {
  auto functions = std::make_unique<Functions>();
#define FL_FIND(name) find(library, path_, #name, functions->name)
  FL_FIND(nvrtcVersion);
  FL_FIND(nvrtcGetNumSupportedArchs);
  FL_FIND(nvrtcGetSupportedArchs);
  FL_FIND(nvrtcGetErrorString);
  FL_FIND(nvrtcCreateProgram);
  FL_FIND(nvrtcDestroyProgram);
  FL_FIND(nvrtcAddNameExpression);
  FL_FIND(nvrtcCompileProgram);
  FL_FIND(nvrtcGetLoweredName);
  FL_FIND(nvrtcGetProgramLogSize);
  FL_FIND(nvrtcGetProgramLog);
  FL_FIND(nvrtcGetCUBINSize);
  FL_FIND(nvrtcGetCUBIN);
  FL_FIND(nvrtcGetPTXSize);
  FL_FIND(nvrtcGetPTX);
#undef FL_FIND
  int count = 0;
  if (functions->nvrtcVersion(&major_, &minor_) != 0 || functions->nvrtcGetNumSupportedArchs(&count) != 0)
    unavailable("at " + path_ + " does not answer");
  capabilities_.resize(static_cast<size_t>(count));
  if (functions->nvrtcGetSupportedArchs(capabilities_.data()) != 0) unavailable("at " + path_ + " does not answer");
  std::ranges::sort(capabilities_);
  // It loads this one by its bare name, which finds it beside the other only where the loader looks, or if it is loaded already.
  const std::string folder = folderOf(reinterpret_cast<const void*>(functions->nvrtcVersion));
  dlopen((folder + "libnvrtc-builtins.so." + version()).c_str(), RTLD_NOW | RTLD_LOCAL);
  functions_ = functions.release();
}

std::string Nvrtc::architectureFor(int capability) const {
  if (std::ranges::binary_search(capabilities_, capability)) return "sm_" + std::to_string(capability);
  const auto above = std::ranges::upper_bound(capabilities_, capability);
  if (above == capabilities_.begin())
    fail("ERR_NVRTC_UNAVAILABLE", "NVRTC " + version() + " compiles for compute capability " +
                                      std::to_string(capabilities_.front()) +
                                      " and above (10 times the number), the device has " + std::to_string(capability) +
                                      ": set FRAMELANE_NVRTC to an older one");
  return "compute_" + std::to_string(*std::prev(above));
}

bool Nvrtc::readsNoFile(const CompileRequest& request) const {
  return std::ranges::none_of(request.options, namesFile);
}

CompiledCode Nvrtc::compile(const CompileRequest& request) const {
  const Functions& nvrtc = *functions_;
  std::vector<const char*> texts, names, options;
  for (const SourceHeader& header : request.headers) {
    names.push_back(header.name.c_str());
    texts.push_back(header.text.c_str());
  }
  const std::string architecture = "--gpu-architecture=" + request.architecture;
  options.push_back(architecture.c_str());
  // Headers in memory would include files of the working directory. Those in folders need this to include their neighbours.
  constexpr int kKnowsOption = 12'04;
  if (readsNoFile(request) && major_ * 100 + minor_ >= kKnowsOption) options.push_back("--no-source-include");
  for (const std::string& option : request.options) options.push_back(option.c_str());

  Functions::Program created = nullptr;
  const auto explain = [&](int result) { return std::string(nvrtc.nvrtcGetErrorString(result)); };
  if (const int result = nvrtc.nvrtcCreateProgram(&created, request.source.c_str(), kSourceName,
                                                  static_cast<int>(names.size()), texts.data(), names.data()))
    throw CompileError(explain(result), "");
  const auto destroy = [&](Functions::Program program) { nvrtc.nvrtcDestroyProgram(&program); };
  const std::unique_ptr<std::remove_pointer_t<Functions::Program>, decltype(destroy)> owner(created, destroy);
  Functions::Program program = owner.get();
  const auto read = [&](auto sizeOf, auto copy) {
    size_t size = 0;
    if (const int result = sizeOf(program, &size)) throw CompileError(explain(result), "");
    std::vector<char> bytes(size);
    if (const int result = size == 0 ? 0 : copy(program, bytes.data())) throw CompileError(explain(result), "");
    return bytes;
  };

  for (const std::string& name : request.names)
    if (const int result = nvrtc.nvrtcAddNameExpression(program, name.c_str())) throw CompileError(explain(result), "");
  const int compiled = nvrtc.nvrtcCompileProgram(program, static_cast<int>(options.size()), options.data());
  CompiledCode code;
  code.log = withoutFolder(textOf(read(nvrtc.nvrtcGetProgramLogSize, nvrtc.nvrtcGetProgramLog)));
  if (compiled != 0) throw CompileError(explain(compiled), code.log);
  for (const std::string& name : request.names) {
    const char* symbol = nullptr;
    if (const int result = nvrtc.nvrtcGetLoweredName(program, name.c_str(), &symbol))
      throw CompileError(name + ": " + explain(result), code.log);
    code.symbols.emplace_back(symbol);
  }
  if (request.architecture.starts_with("compute_")) {
    code.code = textOf(read(nvrtc.nvrtcGetPTXSize, nvrtc.nvrtcGetPTX));
  } else {
    const std::vector<char> cubin = read(nvrtc.nvrtcGetCUBINSize, nvrtc.nvrtcGetCUBIN);
    code.code.assign(cubin.begin(), cubin.end());
  }
  return code;
}

}  // namespace framelane::cuda
