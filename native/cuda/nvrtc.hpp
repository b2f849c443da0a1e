#pragma once
// NVIDIA's compiler of CUDA C++ at run time. It is no part of the driver and not linked: it is loaded when it is first asked for,
// so the addon works without it. It needs no GPU. May be used by any thread.
#include <string>
#include <vector>

#include "core/error.hpp"

namespace framelane::cuda {

/// A file that the source can include by its name.
struct SourceHeader {
  std::string name;
  std::string text;
};

struct CompileRequest {
  std::string source;
  std::string architecture;  // "sm_90" for machine code, "compute_90" for PTX
  std::vector<std::string> options = {};
  std::vector<SourceHeader> headers = {};
  std::vector<std::string> names = {};  // instances of templates to compile, such as "scale<float>"
};

struct CompiledCode {
  std::string code;                  // a cubin, or PTX
  std::vector<std::string> symbols;  // of the names of the request, in its order
  std::string log;                   // warnings
};

/// ERR_COMPILE_FAILED with all that the compiler says.
class CompileError : public Error {
 public:
  CompileError(const std::string& reason, std::string log)
      : Error("ERR_COMPILE_FAILED", "compile: " + reason + (log.empty() ? "" : '\n' + log)),
        reason_(reason),
        log_(std::move(log)) {}
  const std::string& reason() const noexcept { return reason_; }
  const std::string& log() const noexcept { return log_; }

 private:
  std::string reason_;
  std::string log_;
};

class Nvrtc {
 public:
  /// Loads it at the first call. ERR_NVRTC_UNAVAILABLE says where it was looked for, and how to get it.
  static const Nvrtc& get();
  const std::string& path() const { return path_; }
  std::string version() const { return std::to_string(major_) + '.' + std::to_string(minor_); }
  /// What it compiles for, as 10 × major + minor, ascending.
  const std::vector<int>& capabilities() const { return capabilities_; }
  /// For a device of that capability: its own machine code, or PTX where only its driver knows it.
  std::string architectureFor(int capability) const;
  /// Whether compiling reads nothing but the request.
  bool readsNoFile(const CompileRequest& request) const;
  CompiledCode compile(const CompileRequest& request) const;

 private:
  struct Functions;
  Nvrtc(std::string path, void* library);
  std::string path_;
  const Functions* functions_;
  int major_ = 0;
  int minor_ = 0;
  std::vector<int> capabilities_;
};

}  // namespace framelane::cuda
