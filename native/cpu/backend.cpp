#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/error.hpp"
#include "cpu/cpu.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/thread_pool.hpp"

namespace framelane::cpu {

namespace {

constexpr size_t kAlignment = 64;  // a cache line, and the widest vector
// A band of fewer pixels takes less time than waking a thread for it (about 10 us).
constexpr int kMinPixelsPerTask = 16384;

void copyBytes(void* destination, const void* source, size_t bytes) {
  if (destination != source) std::memcpy(destination, source, bytes);
}

/// Whatever was recorded has happened: every call of a CPU queue completes before it returns.
class CpuEvent final : public Event {
 public:
  void wait() override {}
  bool passed() override { return true; }
  double secondsSince(const Event& earlier) const override {
    return std::chrono::duration<double>(moment_ - static_cast<const CpuEvent&>(earlier).moment_).count();
  }
  void record() { moment_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point moment_;
};

class CpuQueue final : public Queue {
 public:
  explicit CpuQueue(const Kernels& kernels) : kernels_(kernels) {}

  void run(const PointProgram& program) override {
    const Plane& plane = program.output.planes[0];
    const int rowsPerUnit = 1 << program.output.shape.format.info().subsampleY;
    const int units = (plane.height + rowsPerUnit - 1) / rowsPerUnit;
    const int minUnits = kMinPixelsPerTask / (plane.width * rowsPerUnit) + 1;
    ThreadPool::instance().parallelRows(units, minUnits, [&](int, int unit0, int unit1) {
      kernels_.pointRows(program, unit0 * rowsPerUnit, std::min(unit1 * rowsPerUnit, plane.height));
    });
  }

  void upload(void* device, const void* host, size_t bytes) override { copyBytes(device, host, bytes); }
  void download(void* host, const void* device, size_t bytes) override { copyBytes(host, device, bytes); }
  void copy(void* destination, const void* source, size_t bytes) override { copyBytes(destination, source, bytes); }
  void record(Event& event) override { static_cast<CpuEvent&>(event).record(); }
  void waitFor(Event&) override {}
  void wait() override {}
  std::shared_ptr<const Recording> capture(const std::function<void()>&) override { return nullptr; }
  void replay(const Recording&) override {}
  uint64_t handle() const override { return 0; }

 private:
  const Kernels& kernels_;
};

std::string processorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) {
      const size_t text = line.find_first_not_of(" \t", line.find(':') + 1);
      if (text != std::string::npos) return line.substr(text);
    }
  return "CPU";
}

size_t physicalMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES), pageBytes = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && pageBytes > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(pageBytes) : 0;
}

}  // namespace

CpuBackend::CpuBackend() : kernels_(selectKernels()) {
  const int threads = ThreadPool::instance().threads();
  info_ = {DeviceKind::cpu, "cpu", processorName(),
           std::string(kernels_.name) + ", " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
           physicalMemory()};
}

std::unique_ptr<Queue> CpuBackend::makeQueue(Priority) { return std::make_unique<CpuQueue>(kernels_); }
std::unique_ptr<Queue> CpuBackend::wrapQueue(uint64_t) {
  fail("ERR_UNSUPPORTED_OP", "stream: the CPU has no streams of others; expected a CUDA device");
}
std::unique_ptr<Event> CpuBackend::makeEvent() { return std::make_unique<CpuEvent>(); }

void* CpuBackend::allocateDevice(size_t bytes) {
  // Whole cache lines: std::aligned_alloc asks for it, and a vector may then read to the end of the
  // last one.
  return std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
}

void CpuBackend::releaseDevice(void* data) noexcept { std::free(data); }

std::shared_ptr<Backend> makeBackend() { return std::make_shared<CpuBackend>(); }

}  // namespace framelane::cpu
