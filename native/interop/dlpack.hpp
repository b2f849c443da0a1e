#pragma once
// DLPack 1.1 and its unversioned predecessor: arrays that libraries in one process hand to each other. The declarations are our
// own; their layout is what https://dmlc.github.io/dlpack/latest/c_api.html fixes.
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "core/strides.hpp"
#include "interop/memory.hpp"

namespace framelane::interop {

namespace dlpack {

struct Device {
  int32_t type;
  int32_t id;
};
constexpr int32_t kCpu = 1, kCuda = 2, kCudaHost = 3, kCudaManaged = 13;

struct DataType {
  uint8_t code;  // a place in kKinds
  uint8_t bits;
  uint16_t lanes;
};
constexpr char kKinds[] = "iuf";

struct Tensor {
  void* data;
  Device device;
  int32_t ndim;
  DataType dtype;
  int64_t* shape;
  int64_t* strides;  // in elements; null for packed
  uint64_t byteOffset;
};

struct Managed {
  Tensor tensor;
  void* context;
  void (*deleter)(Managed*);
};

struct Version {
  uint32_t major;
  uint32_t minor;
};
constexpr Version kVersion{1, 1};

/// Of every major version, up to `deleter`: so that one that is not understood can be let go of.
struct ManagedVersioned {
  Version version;
  void* context;
  void (*deleter)(ManagedVersioned*);
  uint64_t flags;
  Tensor tensor;
};
constexpr uint64_t kReadOnly = 1;

static_assert(sizeof(void*) == 8 && sizeof(Tensor) == 48 && sizeof(Managed) == 64 && sizeof(ManagedVersioned) == 80);

}  // namespace dlpack

/// A part of memory with a shape; offset and strides in bytes. The type is named as in JavaScript: "f32".
struct Array {
  Memory memory;
  int64_t offset = 0;
  int rank = 0;
  std::array<int64_t, kMostDimensions> shape{};
  std::array<int64_t, kMostDimensions> strides{};
  std::string dtype;
  bool readOnly = false;
};

/// A dlpack::Managed or ManagedVersioned, which this owns until it is released or destroyed.
class DLPack {
 public:
  DLPack(void* managed, bool versioned) : managed_(managed), versioned_(versioned) {}
  DLPack(DLPack&& other) noexcept : managed_(other.release()), versioned_(other.versioned_) {}
  DLPack& operator=(DLPack&& other) noexcept;
  ~DLPack() { reset(); }
  /// Calls the deleter.
  void reset() noexcept;
  void* release() noexcept;
  void* get() const { return managed_; }
  bool versioned() const { return versioned_; }

 private:
  void* managed_;
  bool versioned_;
};

/// The array keeps its memory, and `keep`, until the deleter is called, by any thread. The device's work is not waited for.
/// ERR_INVALID_ARGUMENT for read-only memory without a version, which cannot say so.
DLPack lend(const Array& array, bool versioned, std::shared_ptr<const void> keep = nullptr);
/// What is refused is given back at once.
Array adopt(DLPack source);

}  // namespace framelane::interop
