#include "cuda/kernel_cache.hpp"

#include <map>
#include <mutex>
#include <tuple>

#include "cuda/compile_cache.hpp"
#include "cuda/queue.hpp"

namespace framelane::cuda {

namespace {

struct Entry {
  std::unique_ptr<Module> module;
  CachedKernel kernel;
};

class Kernels {
 public:
  using Key = std::tuple<int, std::string, std::string>;  // device, source, entry
  std::mutex mutex;
  std::map<Key, Entry> entries;
};

Kernels& kernels() {
  static Kernels& all = *new Kernels;  // threads outlive static destructors
  return all;
}

std::string compiled(Device& device, const std::string& op, const std::string& source) {
  const int capability = computeCapability(device);
  const CompileRequest request{.source = source, .architecture = Nvrtc::get().architectureFor(capability)};
  try {
    static const CompileCache cache = CompileCache::ofEnvironment();
    return compileCached(request, cache).code.code;
  } catch (const CompileError& error) {
    throw Error("ERR_COMPILE_FAILED",
                op + ": the kernel does not compile: " + (error.log().empty() ? error.reason() : '\n' + error.log()));
  }
}

void checkParameters(const std::string& op, const std::string& entry, const KernelInfo& info, size_t parameterBytes) {
  if (!info.parameters) return;  // an old driver does not tell
  const std::vector<size_t> expected{8, 8, 4, 4, parameterBytes};
  std::string received;
  bool fits = info.parameters->size() == (parameterBytes > 0 ? 5 : 4);
  for (size_t i = 0; i < info.parameters->size(); i++) {
    const size_t bytes = (*info.parameters)[i].bytes;
    fits = fits && bytes == expected[i];
    received += (i > 0 ? ", " : "") + std::to_string(bytes);
  }
  if (fits) return;
  fail("ERR_INVALID_OP", op + ": kernel " + entry + ": expected the parameters (const float4*, float4*, int, int" +
                             (parameterBytes > 0 ? ", Params" : "") + "), received ones of " +
                             (received.empty() ? "no" : received) + " bytes");
}

Entry load(Device& device, const std::string& op, const std::string& source, const std::string& entry,
           size_t parameterBytes) {
  Entry made{loadModule(device, compiled(device, op, source)), {}};
  try {
    made.kernel = {made.module.get(), made.module->find(entry)};
  } catch (const Error& error) {
    if (error.code() != "ERR_INVALID_ARGUMENT") throw;
    throw Error("ERR_INVALID_OP", op + ": " + error.what());
  }
  checkParameters(op, entry, made.module->info(made.kernel.place), parameterBytes);
  return made;
}

}  // namespace

CachedKernel cachedKernel(Device& device, const std::string& op, const std::string& source, const std::string& entry,
                          size_t parameterBytes) {
  Kernels& all = kernels();
  const Kernels::Key key{ordinalOf(*device.backend), source, entry};
  const std::scoped_lock lock(all.mutex);
  auto found = all.entries.find(key);
  if (found == all.entries.end())
    found = all.entries.emplace(key, load(device, op, source, entry, parameterBytes)).first;
  return found->second.kernel;
}

}  // namespace framelane::cuda
