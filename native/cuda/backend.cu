// The CUDA backend: one queue is one non-blocking stream, one event is one event, timed where asked.
// Several threads call in, and the current device is a property of the thread, so every entry sets
// it (measured in nanoseconds when unchanged).
#include <cuda_runtime.h>

#include "cuda/cuda.hpp"
#include "cuda/handles.hpp"
#include "cuda/point_pass.hpp"
#include "cuda/queue.hpp"
#include "cuda/specialised/programs.hpp"

namespace framelane::cuda {

namespace {

void useDevice(int ordinal) { check(cudaSetDevice(ordinal), "select the device"); }

class CudaEvent final : public framelane::Event {
 public:
  CudaEvent(int ordinal, unsigned flags) : ordinal_(ordinal), event_(flags) {}
  void wait() override {
    useDevice(ordinal_);
    check(cudaEventSynchronize(event_), "wait for an event");
  }
  bool passed() override {
    useDevice(ordinal_);
    const cudaError_t status = cudaEventQuery(event_);
    if (status != cudaErrorNotReady)
      check(status, "ask an event");
    else
      cudaGetLastError();  // it is no error
    return status == cudaSuccess;
  }
  double secondsSince(const framelane::Event& earlier) const override {
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, static_cast<const CudaEvent&>(earlier).handle(), event_),
          "measure between events");
    return milliseconds * 1e-3;
  }
  cudaEvent_t handle() const { return event_; }

 private:
  int ordinal_;
  cuda::Event event_;
};

class CudaRecording final : public Recording {
 public:
  explicit CudaRecording(cudaGraph_t recorded) : graph_(recorded) {}
  /// Until there is another specialised program, which may be one of its.
  bool current() const override { return generation_ == specialisedGeneration(); }
  cudaGraphExec_t graph() const { return graph_; }

 private:
  unsigned generation_ = specialisedGeneration();
  Graph graph_;
};

class CudaQueue final : public Queue {
 public:
  /// On a stream of its own, or of somebody else.
  CudaQueue(int ordinal, std::unique_ptr<Stream> stream) : ordinal_(ordinal), own_(std::move(stream)), stream_(*own_) {}
  CudaQueue(int ordinal, cudaStream_t stream) : ordinal_(ordinal), stream_(stream) {}

  void run(const PointProgram& program) override { runPointPass(program, ordinal_, stream()); }

  void upload(void* device, const void* host, size_t bytes) override {
    move(device, host, bytes, cudaMemcpyHostToDevice, "upload");
  }
  void download(void* host, const void* device, size_t bytes) override {
    move(host, device, bytes, cudaMemcpyDeviceToHost, "download");
  }
  void copy(void* destination, const void* source, size_t bytes) override {
    move(destination, source, bytes, cudaMemcpyDeviceToDevice, "copy");
  }

  void record(framelane::Event& event) override {
    check(cudaEventRecord(static_cast<CudaEvent&>(event).handle(), stream()), "record an event");
  }
  void waitFor(framelane::Event& event) override {
    check(cudaStreamWaitEvent(stream(), static_cast<CudaEvent&>(event).handle()), "wait for another queue");
  }
  void wait() override { check(cudaStreamSynchronize(stream()), "wait for a queue"); }

  std::shared_ptr<const Recording> capture(const std::function<void()>& enqueue) override {
    // Other threads may allocate meanwhile.
    check(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal), "begin to record a graph");
    cudaGraph_t recorded = nullptr;
    try {
      enqueue();
    } catch (...) {
      cudaStreamEndCapture(stream_, &recorded);
      if (recorded) cudaGraphDestroy(recorded);
      throw;
    }
    check(cudaStreamEndCapture(stream_, &recorded), "record a graph");
    return std::make_shared<CudaRecording>(recorded);
  }
  void replay(const Recording& recording) override {
    check(cudaGraphLaunch(static_cast<const CudaRecording&>(recording).graph(), stream()), "launch a graph");
  }

  uint64_t handle() const override { return reinterpret_cast<uint64_t>(stream_); }

  cudaStream_t stream() const {
    useDevice(ordinal_);
    return stream_;
  }

 private:
  void move(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, const char* what) {
    check(cudaMemcpyAsync(to, from, bytes, kind, stream()), what);
  }

  int ordinal_;
  std::unique_ptr<Stream> own_;
  cudaStream_t stream_;
};

std::string versionText(int version) {
  return std::to_string(version / 1000) + '.' + std::to_string(version % 1000 / 10);
}

DeviceInfo describe(int ordinal) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, ordinal), "ask for the device's properties");
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver), "ask for the driver's version");
  check(cudaRuntimeGetVersion(&runtime), "ask for the runtime's version");
  return {
      .kind = DeviceKind::cuda,
      .id = "cuda:" + std::to_string(ordinal),
      .name = properties.name,
      .detail = "compute capability " + std::to_string(properties.major) + '.' + std::to_string(properties.minor) +
                ", " + std::to_string(properties.multiProcessorCount) + " multiprocessors, driver for CUDA " +
                versionText(driver) + ", runtime " + versionText(runtime),
      .memoryBytes = properties.totalGlobalMem,
  };
}

/// Why there is no device, for the user.
std::string explain(cudaError_t error) {
  int driver = 0, runtime = 0;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  if (driver == 0) return "no NVIDIA driver (libcuda.so.1 was not found or cannot be used)";
  if (error == cudaErrorInsufficientDriver)
    return "the NVIDIA driver is too old: it supports CUDA " + versionText(driver) + ", this build needs " +
           versionText(runtime);
  if (error == cudaErrorNoDevice) return "no CUDA device is visible (none installed, or CUDA_VISIBLE_DEVICES hides it)";
  return std::string("CUDA does not start: ") + cudaGetErrorString(error) + " (" + cudaGetErrorName(error) + ')';
}

class CudaBackend final : public Backend {
 public:
  explicit CudaBackend(int ordinal) : ordinal_(ordinal), info_(describe(ordinal)) {
    useDevice(ordinal_);
    check(cudaFree(nullptr), "start the device");
    readSpecialiseMode();
  }

  const DeviceInfo& info() const override { return info_; }
  std::unique_ptr<Queue> makeQueue(Priority priority) override {
    useDevice(ordinal_);
    int least = 0, greatest = 0;
    check(cudaDeviceGetStreamPriorityRange(&least, &greatest), "ask for the priorities of streams");
    return std::make_unique<CudaQueue>(ordinal_, std::make_unique<Stream>(priority == Priority::high ? greatest : 0));
  }
  std::unique_ptr<Queue> wrapQueue(uint64_t handle) override {
    const auto stream = reinterpret_cast<cudaStream_t>(handle);
    useDevice(ordinal_);
#if CUDART_VERSION >= 12080
    // The default streams are those of the device that is current.
    int ordinal = ordinal_;
    if (stream != cudaStreamLegacy && stream != cudaStreamPerThread)
      check(cudaStreamGetDevice(stream, &ordinal), "ask for the device of a stream");
    require(ordinal == ordinal_, "ERR_DEVICE_MISMATCH",
            "stream: expected one of " + info_.id + ", received one of cuda:" + std::to_string(ordinal));
#endif
    return std::make_unique<CudaQueue>(ordinal_, stream);
  }
  std::unique_ptr<framelane::Event> makeEvent() override {
    useDevice(ordinal_);
    return std::make_unique<CudaEvent>(ordinal_, cudaEventDisableTiming);
  }
  std::unique_ptr<framelane::Event> makeTimedEvent() override {
    useDevice(ordinal_);
    return std::make_unique<CudaEvent>(ordinal_, cudaEventDefault);
  }

  void* allocateDevice(size_t bytes) override {
    useDevice(ordinal_);
    void* data = nullptr;
    return allocated(cudaMalloc(&data, bytes), "allocate device memory") ? data : nullptr;
  }
  void releaseDevice(void* data) noexcept override {
    cudaSetDevice(ordinal_);
    cudaFree(data);
  }

  void* allocateHost(size_t bytes) override {
    useDevice(ordinal_);
    void* data = nullptr;
    const cudaError_t status = cudaHostAlloc(&data, bytes, cudaHostAllocPortable);
    return allocated(status, "allocate pinned memory") ? data : nullptr;
  }
  void releaseHost(void* data) noexcept override {
    cudaSetDevice(ordinal_);
    cudaFreeHost(data);
  }

  bool isPinned(const void* data, size_t bytes) override {
    useDevice(ordinal_);
    const auto pinned = [](const void* byte) {
      cudaPointerAttributes attributes{};
      return cudaPointerGetAttributes(&attributes, byte) == cudaSuccess && attributes.type == cudaMemoryTypeHost;
    };
    return bytes == 0 || (pinned(data) && pinned(static_cast<const std::byte*>(data) + bytes - 1));
  }

  bool unified() const override { return false; }
  int ordinal() const { return ordinal_; }

 private:
  /// False when there is no memory left, which is for the caller to handle; any other failure is an
  /// error.
  static bool allocated(cudaError_t status, const char* what) {
    if (status == cudaErrorMemoryAllocation) {
      cudaGetLastError();
      return false;
    }
    check(status, what);
    return true;
  }

  int ordinal_;
  DeviceInfo info_;
};

}  // namespace

cudaStream_t streamOf(Queue& queue) { return static_cast<CudaQueue&>(queue).stream(); }

int ordinalOf(const Backend& backend) { return static_cast<const CudaBackend&>(backend).ordinal(); }

void makeCurrent(Backend& backend) { useDevice(ordinalOf(backend)); }

Status status() {
  int count = 0;
  const cudaError_t counted = cudaGetDeviceCount(&count);
  if (counted != cudaSuccess || count == 0) {
    cudaGetLastError();
    return {{}, explain(counted == cudaSuccess ? cudaErrorNoDevice : counted)};
  }
  Status result;
  try {
    for (int i = 0; i < count; i++) result.devices.push_back(describe(i));
  } catch (const Error& error) {
    return {{}, error.what()};
  }
  return result;
}

std::shared_ptr<Backend> makeBackend(int ordinal) {
  const Status found = status();
  const int count = static_cast<int>(found.devices.size());
  const std::string id = "cuda:" + std::to_string(ordinal);
  require(count > 0, "ERR_DEVICE_UNAVAILABLE", id + ": " + found.reason);
  require(ordinal >= 0 && ordinal < count, "ERR_DEVICE_UNAVAILABLE",
          id + ": expected an ordinal below " + std::to_string(count) + ", the number of devices");
  return std::make_shared<CudaBackend>(ordinal);
}

}  // namespace framelane::cuda
