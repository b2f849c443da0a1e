#pragma once
// Compiled CUDA code on a device. No CUDA header here: files outside cuda/ include it in every build.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/device.hpp"

namespace framelane::cuda {

struct KernelParameter {
  size_t offset;
  size_t bytes;
};

struct KernelInfo {
  int registers;                                           // of a thread
  size_t sharedBytes;                                      // of a block, as declared
  size_t constantBytes;                                    // of the module
  size_t localBytes;                                       // of a thread: arrays, and registers that did not fit
  int maxThreads;                                          // of a block
  size_t maxDynamicShared;                                 // bytes beside the declared ones
  std::optional<std::vector<KernelParameter>> parameters;  // drivers before CUDA 12.4 do not tell
};

struct LaunchShape {
  std::array<unsigned, 3> grid;
  std::array<unsigned, 3> block;
  unsigned sharedBytes;
};

struct SuggestedBlock {
  int threads;
  int leastBlocks;  // that fill the device
};

struct GlobalVariable {
  void* data;
  size_t bytes;
};

/// The most that the device takes.
struct LaunchLimits {
  std::array<int, 3> grid;
  std::array<int, 3> block;
  int threads;
};

/// For one thread at a time. Destroying it is safe at any time: the code is unloaded once launched kernels are done.
class Module {
 public:
  virtual ~Module() = default;
  /// The place of a kernel by its symbol; ERR_INVALID_ARGUMENT where there is none.
  virtual size_t find(const std::string& symbol) = 0;
  virtual const KernelInfo& info(size_t kernel) const = 0;
  virtual const LaunchLimits& limits() const = 0;
  /// Enqueues it. The arguments are pointers to values, as many as the kernel has; they are copied.
  virtual void launch(size_t kernel, const std::shared_ptr<Stream>& stream, const LaunchShape& shape,
                      void** arguments) = 0;
  /// The same in a pass: the caller holds the queue's lock and keeps the module. By any number of threads at a time.
  virtual void enqueue(size_t kernel, Queue& queue, const LaunchShape& shape, void** arguments) const = 0;
  /// How many such blocks a multiprocessor runs at once.
  virtual int activeBlocks(size_t kernel, int threads, size_t sharedBytes) = 0;
  virtual SuggestedBlock suggestBlock(size_t kernel, size_t sharedBytes) = 0;
  /// What is enqueued on `later` from now on runs after all launched kernels.
  virtual void precede(Queue& later) = 0;
  /// A variable by its symbol; ERR_INVALID_ARGUMENT where there is none.
  virtual GlobalVariable global(const std::string& symbol) = 0;
};

/// Of code that codeFormat() has accepted. ERR_COMPILE_FAILED with the driver's log for PTX that it refuses; ERR_DEVICE_UNAVAILABLE
/// for a device without CUDA.
std::unique_ptr<Module> loadModule(Device& device, std::string_view code);
/// Of the device: 10 × major + minor.
int computeCapability(Device& device);
int computeCapability(int ordinal);

}  // namespace framelane::cuda
