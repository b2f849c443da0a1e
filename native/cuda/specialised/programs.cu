#include "cuda/specialised/programs.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "core/code_table.hpp"
#include "cuda/compile_cache.hpp"
#include "cuda/driver.hpp"
#include "cuda/module.hpp"
#include "cuda/point_pass.hpp"

namespace framelane::cuda {

namespace {

enum class Mode { off, on, eager };

/// Fewer are a still, or somebody who tries options.
constexpr int kRunsBeforeCompiling = 48;

struct Key {
  int ordinal;
  Specialisation what;
  bool operator==(const Key& other) const {
    return ordinal == other.ordinal && std::memcmp(&what, &other.what, sizeof(what)) == 0;
  }
};
struct KeyHash {
  size_t operator()(const Key& key) const {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(&key.what), sizeof(key.what)});
  }
};

struct Program {
  int runs = 0;
  bool asked = false;
  Codes codes;
  CUfunction kernel = nullptr;
};

class Programs {
 public:
  static Programs& all() {
    static Programs& programs = *new Programs;  // its thread outlives static destructors
    return programs;
  }

  Programs() : mode_(modeOfEnvironment()), cache_(CompileCache::ofEnvironment()) {}

  bool off() const { return mode_ == Mode::off || unavailable_.load(std::memory_order_relaxed); }
  CUfunction find(int ordinal, const Specialisation& what, const Codes& codes) {
    std::unique_lock lock(mutex_);
    auto& [key, program] = *programs_.try_emplace({ordinal, what}).first;
    if (program.kernel || program.asked) return program.kernel;
    if (++program.runs < (mode_ == Mode::eager ? 1 : kRunsBeforeCompiling)) return nullptr;
    program.asked = true;
    program.codes = codes;
    if (mode_ == Mode::eager) {
      lock.unlock();
      compile(key, codes);
      lock.lock();
      return program.kernel;
    }
    waiting_.push_back(key);
    if (!std::exchange(working_, true)) start();
    filled_.notify_one();
    return nullptr;
  }

  SpecialisedCount count() {
    const std::scoped_lock lock(mutex_);
    return count_;
  }
  unsigned generation() const { return generation_.load(std::memory_order_relaxed); }

 private:
  static Mode modeOfEnvironment() {
    const char* chosen = std::getenv("FRAMELANE_SPECIALIZE");
    const std::string_view mode = chosen ? chosen : "on";
    if (mode == "off") return Mode::off;
    return mode == "eager" ? Mode::eager : Mode::on;
  }

  void start() {
    std::thread([this] { work(); }).detach();
    // The compiler must not run while the process unloads it.
    std::atexit([] { all().end(); });
  }
  void end() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    filled_.notify_one();
    filled_.wait(lock, [this] { return !compiling_; });
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      filled_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (ending_) return;
      const Key key = waiting_.front();
      waiting_.pop_front();
      compiling_ = true;
      const Codes codes = programs_[key].codes;
      lock.unlock();
      compile(key, codes);
      lock.lock();
      compiling_ = false;
      filled_.notify_all();
    }
  }

  void compile(const Key& key, const Codes& codes) {
    CUfunction kernel = nullptr;
    bool wasCached = false, unavailable = false;
    std::string failure;
    try {
      const std::string architecture = Nvrtc::get().architectureFor(computeCapability(key.ordinal));
      const CachedCode found = compileCached(specialisedProgram(key.what, codes, architecture), cache_);
      wasCached = found.wasCached;
      kernel = load(key.ordinal, found.code.code);
    } catch (const Error& error) {
      failure = error.what();
      unavailable = error.code() == std::string_view("ERR_NVRTC_UNAVAILABLE");
    } catch (const std::exception& error) {
      failure = error.what();
    }
    const std::scoped_lock lock(mutex_);
    if (unavailable) unavailable_ = true;
    if (!failure.empty()) count_.failure = failure;
    if (!kernel) return;
    programs_[key].kernel = kernel;
    count_.running++;
    count_.compiled += wasCached ? 0 : 1;
    generation_.fetch_add(1, std::memory_order_relaxed);
  }

  /// As long as the process.
  static CUfunction load(int ordinal, const std::string& code) {
    check(cudaSetDevice(ordinal), "select the device");
    const Driver& driver = Driver::get();
    CUmodule module = nullptr;
    check(driver.moduleLoadDataEx(&module, code.c_str(), 0, nullptr, nullptr), "load a specialised program");
    CUfunction kernel = nullptr;
    check(driver.moduleGetFunction(&kernel, module, "fused"), "find the kernel of a specialised program");
    // Now, and not at the first launch, where it may wait for the device.
    if (driver.funcLoad) check(driver.funcLoad(kernel), "load the kernel of a specialised program");
    return kernel;
  }

  const Mode mode_;
  const CompileCache cache_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::unordered_map<Key, Program, KeyHash> programs_;
  std::deque<Key> waiting_;
  SpecialisedCount count_;
  std::atomic<unsigned> generation_ = 0;
  std::atomic<bool> unavailable_ = false;  // NVRTC
  bool working_ = false, compiling_ = false, ending_ = false;
};

}  // namespace

void readSpecialiseMode() { Programs::all(); }

bool startSpecialised(const SpecialisedStart& how) {
  Programs& programs = Programs::all();
  if (programs.off()) return false;
  const PointProgram& program = how.pass.program;
  Codes codes;
  for (int i = 0; i < program.stepCount; i++) {
    if (!isCoded(program.steps[i])) continue;
    codes.push_back(codeAt(program.sources[program.steps[i].source].plane.data));
    if (!codes.back()) return false;
  }
  const CUfunction kernel = programs.find(how.ordinal, specialisationOf(how.pass, how.layout, codes), codes);
  if (!kernel) return false;
  void* arguments[] = {const_cast<Pass*>(&how.pass)};
  check(Driver::get().launchKernel(kernel, how.grid.x, how.grid.y, 1, 32, kWarps, 1, 0, how.stream, arguments, nullptr),
        "launch a specialised program");
  return true;
}

SpecialisedCount specialisedCount() { return Programs::all().count(); }
unsigned specialisedGeneration() { return Programs::all().generation(); }

}  // namespace framelane::cuda
