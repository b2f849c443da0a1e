#pragma once
// Compiled CUDA code in files, so that a program is compiled once for all processes. May be used by any thread.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cuda/nvrtc.hpp"

namespace framelane::cuda {

/// A folder of entries, one a file. Whatever goes wrong with it means only that the program is compiled again.
class CompileCache {
 public:
  static constexpr uintmax_t kMostBytes = 256 << 20;
  /// No folder, no cache.
  explicit CompileCache(std::filesystem::path folder = {}, uintmax_t mostBytes = kMostBytes)
      : folder_(std::move(folder)), mostBytes_(mostBytes) {}
  /// $FRAMELANE_CACHE_DIR/nvrtc, else framelane/nvrtc in $XDG_CACHE_HOME or ~/.cache; none if FRAMELANE_CACHE=off. For the thread
  /// that may change the environment.
  static CompileCache ofEnvironment();

  /// What has been stored and is whole.
  std::optional<CompiledCode> load(const std::string& key) const noexcept;
  /// Then removes those that have not been used for the longest time, down to the limit.
  void store(const std::string& key, const CompiledCode& code) const noexcept;

 private:
  void trim() const;
  std::filesystem::path folder_;
  uintmax_t mostBytes_;
};

/// Names the result: SHA-256 of all that it depends on, in hexadecimal.
std::string compileKey(const CompileRequest& request, const std::string& compilerVersion);

struct CachedCode {
  CompiledCode code;
  bool wasCached = false;
};

/// Compiles what the cache does not have. A program that includes files is not cached: nobody would notice that they change.
CachedCode compileCached(const CompileRequest& request, const CompileCache& cache);

}  // namespace framelane::cuda
