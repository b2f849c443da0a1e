#include "cuda/module.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <mutex>
#include <utility>

#include "cuda/code_format.hpp"
#include "cuda/driver.hpp"
#include "cuda/kernel_name.hpp"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

/// Code that nobody uses any more, but for kernels that may still run. No destructor waits for those: they are looked at again
/// whenever code is loaded or dropped.
class Dropped {
 public:
  void add(int ordinal, CUmodule code, const std::vector<std::shared_ptr<Stream>>& users) noexcept {
    Entry entry{ordinal, code, {}};
    for (const auto& stream : users) {
      if (stream->ended()) continue;  // the immediate stream comes after it
      cudaEvent_t event = nullptr;
      // Where it cannot be known when the code is free, it stays for good.
      if (cudaEventCreateWithFlags(&event, cudaEventDisableTiming) != cudaSuccess ||
          cudaEventRecord(event, streamOf(stream->queue())) != cudaSuccess)
        return;
      entry.passed.push_back(event);
    }
    const std::scoped_lock lock(mutex_);
    entries_.push_back(std::move(entry));
  }
  void unload() noexcept {
    const std::scoped_lock lock(mutex_);
    entries_.remove_if([](const Entry& entry) {
      if (cudaSetDevice(entry.ordinal) != cudaSuccess) return false;
      for (const cudaEvent_t event : entry.passed)
        if (cudaEventQuery(event) != cudaSuccess) return false;
      for (const cudaEvent_t event : entry.passed) cudaEventDestroy(event);
      Driver::get().moduleUnload(entry.code);
      return true;
    });
    cudaGetLastError();  // "not ready" is none
  }

 private:
  struct Entry {
    int ordinal;
    CUmodule code;
    std::vector<cudaEvent_t> passed;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;
};

Dropped& dropped() {
  static Dropped& all = *new Dropped;  // threads outlive static destructors
  return all;
}

CUmodule load(std::string_view code) {
  const std::string terminated(code);  // PTX ends with a zero
  constexpr size_t kLogBytes = 8192;
  std::string log(kLogBytes, '\0');
  std::array options{CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  std::array<void*, 2> values{log.data(), reinterpret_cast<void*>(kLogBytes)};
  CUmodule module = nullptr;
  const CUresult status =
      Driver::get().moduleLoadDataEx(&module, terminated.data(), options.size(), options.data(), values.data());
  if (status == CUDA_SUCCESS) return module;
  log.resize(std::min(log.find('\0'), log.size()));
  const std::string name = cudaGetErrorName(static_cast<cudaError_t>(status));
  if (status == CUDA_ERROR_NO_BINARY_FOR_GPU)
    fail("ERR_INPUT_INVALID", "compiled code: it is for another architecture than the device's (" + name + ')');
  if (status == CUDA_ERROR_INVALID_PTX || status == CUDA_ERROR_UNSUPPORTED_PTX_VERSION)
    fail("ERR_COMPILE_FAILED",
         "compiled code: the driver refuses the PTX (" + name + ')' + (log.empty() ? "" : '\n' + log));
  if (status == CUDA_ERROR_INVALID_IMAGE || status == CUDA_ERROR_INVALID_SOURCE)
    fail("ERR_INPUT_INVALID", "compiled code: the driver refuses it (" + name + ')' + (log.empty() ? "" : '\n' + log));
  check(status, "load a module");
  return nullptr;
}

int attributeOf(int ordinal, cudaDeviceAttr attribute) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, attribute, ordinal), "ask for a property of the device");
  return value;
}

LaunchLimits limitsOf(int ordinal) {
  const auto ask = [ordinal](cudaDeviceAttr attribute) { return attributeOf(ordinal, attribute); };
  return {{ask(cudaDevAttrMaxGridDimX), ask(cudaDevAttrMaxGridDimY), ask(cudaDevAttrMaxGridDimZ)},
          {ask(cudaDevAttrMaxBlockDimX), ask(cudaDevAttrMaxBlockDimY), ask(cudaDevAttrMaxBlockDimZ)},
          ask(cudaDevAttrMaxThreadsPerBlock)};
}

class LoadedModule final : public Module {
 public:
  LoadedModule(int ordinal, std::string_view code, const std::shared_ptr<Stream>& immediate)
      : ordinal_(ordinal), limits_(limitsOf(ordinal)), code_(load(code)), users_{immediate} {}
  ~LoadedModule() override {
    cudaSetDevice(ordinal_);
    dropped().add(ordinal_, code_, users_);
    dropped().unload();
  }

  size_t find(const std::string& symbol) override {
    if (const auto known = places_.find(symbol); known != places_.end()) return known->second;
    useDevice();
    CUfunction function = nullptr;
    const CUresult status = driver_.moduleGetFunction(&function, code_, symbol.c_str());
    if (status == CUDA_ERROR_NOT_FOUND)
      function = findByName(symbol);
    else
      check(status, "find a kernel");
    kernels_.push_back(describe(function));
    return places_[symbol] = kernels_.size() - 1;
  }

  const KernelInfo& info(size_t kernel) const override { return kernels_.at(kernel).info; }
  const LaunchLimits& limits() const override { return limits_; }

  void launch(size_t kernel, const std::shared_ptr<Stream>& stream, const LaunchShape& shape,
              void** arguments) override {
    Kernel& chosen = kernels_.at(kernel);
    remember(stream);
    const std::scoped_lock lock(stream->mutex());
    allowShared(chosen, shape.sharedBytes);
    enqueue(kernel, stream->queue(), shape, arguments);
  }

  void enqueue(size_t kernel, Queue& queue, const LaunchShape& shape, void** arguments) const override {
    const cudaStream_t stream = streamOf(queue);
    const auto [gridX, gridY, gridZ] = shape.grid;
    const auto [blockX, blockY, blockZ] = shape.block;
    check(driver_.launchKernel(kernels_.at(kernel).function, gridX, gridY, gridZ, blockX, blockY, blockZ,
                               shape.sharedBytes, stream, arguments, nullptr),
          "launch a kernel");
  }

  int activeBlocks(size_t kernel, int threads, size_t sharedBytes) override {
    Kernel& chosen = kernels_.at(kernel);
    useDevice();
    allowShared(chosen, sharedBytes);
    int blocks = 0;
    check(driver_.occupancyMaxActiveBlocksPerMultiprocessor(&blocks, chosen.function, threads, sharedBytes),
          "ask for the occupancy");
    return blocks;
  }

  SuggestedBlock suggestBlock(size_t kernel, size_t sharedBytes) override {
    Kernel& chosen = kernels_.at(kernel);
    useDevice();
    allowShared(chosen, sharedBytes);
    SuggestedBlock suggested{};
    check(driver_.occupancyMaxPotentialBlockSize(&suggested.leastBlocks, &suggested.threads, chosen.function, nullptr,
                                                 sharedBytes, 0),
          "ask for a size of blocks");
    return suggested;
  }

  void precede(Queue& later) override {
    for (const auto& stream : users_)
      if (&stream->queue() != &later) stream->precede(later);
  }

  GlobalVariable global(const std::string& symbol) override {
    useDevice();
    CUdeviceptr data = 0;
    size_t bytes = 0;
    const CUresult status = driver_.moduleGetGlobal(&data, &bytes, code_, symbol.c_str());
    if (status == CUDA_ERROR_NOT_FOUND)
      fail("ERR_INVALID_ARGUMENT", "global " + symbol + ": the module has none of that name");
    check(status, "find a global variable");
    return {reinterpret_cast<void*>(data), bytes};
  }

 private:
  struct Kernel {
    CUfunction function;
    size_t allowedShared;
    KernelInfo info;
  };

  /// By the name in the source, which C++ decorates in the symbol.
  CUfunction findByName(const std::string& name) const {
    std::vector<CUfunction> found;
    std::string names;
    for (const CUfunction function : functions()) {
      const char* symbol = nullptr;
      check(driver_.funcGetName(&symbol, function), "ask for the name of a kernel");
      const std::string known = kernelName(symbol);
      if (known == name) found.push_back(function);
      names += (names.empty() ? "" : ", ") + known;
    }
    if (found.size() == 1) return found[0];
    if (found.size() > 1)
      fail("ERR_INVALID_ARGUMENT",
           "kernel " + name + ": several are overloaded; name their symbols, or give names to compile");
    fail("ERR_INVALID_ARGUMENT",
         "kernel " + name + ": the module has none of that name" + (names.empty() ? "" : "; it has " + names));
  }

  std::vector<CUfunction> functions() const {
    if (!driver_.moduleGetFunctionCount || !driver_.moduleEnumerateFunctions || !driver_.funcGetName) return {};
    unsigned count = 0;
    check(driver_.moduleGetFunctionCount(&count, code_), "count the kernels of a module");
    std::vector<CUfunction> all(count);
    if (count > 0) check(driver_.moduleEnumerateFunctions(all.data(), count, code_), "list the kernels of a module");
    return all;
  }

  void useDevice() const { check(cudaSetDevice(ordinal_), "select the device"); }

  void remember(const std::shared_ptr<Stream>& stream) {
    if (std::ranges::find(users_, stream) != users_.end()) return;
    std::erase_if(users_, [](const auto& user) { return user->ended(); });
    users_.push_back(stream);
  }

  /// More than 48 KiB needs to be asked for.
  void allowShared(Kernel& kernel, size_t bytes) const {
    if (bytes <= kernel.allowedShared) return;
    useDevice();
    check(driver_.funcSetAttribute(kernel.function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                                   static_cast<int>(bytes)),
          "allow dynamic shared memory");
    kernel.allowedShared = bytes;
  }

  Kernel describe(CUfunction function) const {
    // Drivers that load kernels at their first launch tell nothing of others.
    if (driver_.funcLoad) check(driver_.funcLoad(function), "load a kernel");
    const auto ask = [&](CUfunction_attribute attribute) {
      int value = 0;
      check(driver_.funcGetAttribute(&value, attribute, function), "ask for a property of a kernel");
      return value;
    };
    const size_t shared = static_cast<size_t>(ask(CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES));
    const size_t most = static_cast<size_t>(attributeOf(ordinal_, cudaDevAttrMaxSharedMemoryPerBlockOptin));
    return {function, static_cast<size_t>(ask(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)),
            KernelInfo{.registers = ask(CU_FUNC_ATTRIBUTE_NUM_REGS),
                       .sharedBytes = shared,
                       .constantBytes = static_cast<size_t>(ask(CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES)),
                       .localBytes = static_cast<size_t>(ask(CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES)),
                       .maxThreads = ask(CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
                       .maxDynamicShared = most > shared ? most - shared : 0,
                       .parameters = parametersOf(function)}};
  }

  std::optional<std::vector<KernelParameter>> parametersOf(CUfunction function) const {
    if (!driver_.funcGetParamInfo) return std::nullopt;
    std::vector<KernelParameter> parameters;
    KernelParameter next{};
    while (driver_.funcGetParamInfo(function, parameters.size(), &next.offset, &next.bytes) == CUDA_SUCCESS)
      parameters.push_back(next);
    return parameters;
  }

  const Driver& driver_ = Driver::get();
  int ordinal_;
  LaunchLimits limits_;
  CUmodule code_;
  std::vector<Kernel> kernels_;
  std::map<std::string, size_t> places_;
  std::vector<std::shared_ptr<Stream>> users_;  // on which its kernels may run, the immediate one first
};

int checkedOrdinal(Device& device) {
  const DeviceInfo& info = device.backend->info();
  if (info.kind != DeviceKind::cuda)
    fail("ERR_DEVICE_UNAVAILABLE", "device " + info.id + " runs no CUDA code: expected cuda:n");
  makeCurrent(*device.backend);
  return ordinalOf(*device.backend);
}

}  // namespace

std::unique_ptr<Module> loadModule(Device& device, std::string_view code) {
  const int ordinal = checkedOrdinal(device);
  dropped().unload();
  codeFormat(code);
  return std::make_unique<LoadedModule>(ordinal, code, device.immediate);
}

int computeCapability(Device& device) { return computeCapability(checkedOrdinal(device)); }

int computeCapability(int ordinal) {
  return 10 * attributeOf(ordinal, cudaDevAttrComputeCapabilityMajor) +
         attributeOf(ordinal, cudaDevAttrComputeCapabilityMinor);
}

}  // namespace framelane::cuda
