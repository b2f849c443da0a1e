// Another addon that speaks DLPack, with its own declarations of the structures and no header of ours: it makes arrays in host memory,
// reads those it is handed, and counts deleters.
#include <node_api.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

struct DLDevice {
  int32_t device_type, device_id;
};
struct DLDataType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape, *strides;
  uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor*);
};
struct DLManagedTensorVersioned {
  uint32_t major, minor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned*);
  uint64_t flags;
  DLTensor dl_tensor;
};

constexpr int64_t kCounters = 256;
std::atomic<int> deleted[kCounters];

/// Everything that a producer allocates.
struct Produced {
  DLManagedTensor plain{};
  DLManagedTensorVersioned versioned{};
  std::vector<int64_t> shape, strides;
  std::vector<unsigned char> bytes;
  int64_t counter = 0;
};

void end(void* produced) {
  auto* self = static_cast<Produced*>(produced);
  deleted[self->counter % kCounters]++;
  delete self;
}

napi_value get(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  napi_valuetype type = napi_undefined;
  napi_typeof(env, object, &type);
  if (type == napi_object) napi_get_named_property(env, object, name, &value);
  if (!value) napi_get_undefined(env, &value);
  return value;
}

int64_t integer(napi_env env, napi_value value, int64_t otherwise) {
  int64_t number = otherwise;
  napi_get_value_int64(env, value, &number);
  return number;
}

int64_t integer(napi_env env, napi_value object, const char* name, int64_t otherwise) {
  return integer(env, get(env, object, name), otherwise);
}

std::vector<int64_t> integers(napi_env env, napi_value array) {
  std::vector<int64_t> result;
  bool is_array = false;
  napi_is_array(env, array, &is_array);
  uint32_t length = 0;
  if (is_array) napi_get_array_length(env, array, &length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value value = nullptr;
    napi_get_element(env, array, i, &value);
    result.push_back(integer(env, value, 0));
  }
  return result;
}

void set(napi_env env, napi_value object, const char* name, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  napi_set_named_property(env, object, name, value);
}

void set(napi_env env, napi_value object, const char* name, const int64_t* numbers, int count) {
  napi_value value = nullptr;
  if (!numbers) {
    napi_get_null(env, &value);
  } else {
    napi_create_array(env, &value);
    for (int i = 0; i < count; i++) {
      napi_value number = nullptr;
      napi_create_int64(env, numbers[i], &number);
      napi_set_element(env, value, static_cast<uint32_t>(i), number);
    }
  }
  napi_set_named_property(env, object, name, value);
}

/// produce({ bytes: Uint8Array, shape, strides?, code, bits, lanes?, counter?, offset?, type?, id?, major?, flags?, plain? }): External.
napi_value produce(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value options = nullptr, external = nullptr;
  napi_get_cb_info(env, info, &count, &options, nullptr, nullptr);
  auto* made = new Produced;
  void* data = nullptr;
  size_t length = 0;
  napi_get_typedarray_info(env, get(env, options, "bytes"), nullptr, &length, &data, nullptr, nullptr);
  made->bytes.assign(static_cast<unsigned char*>(data), static_cast<unsigned char*>(data) + length);
  made->counter = integer(env, options, "counter", 0);
  made->shape = integers(env, get(env, options, "shape"));
  made->strides = integers(env, get(env, options, "strides"));
  DLTensor tensor{};
  tensor.data = made->bytes.data();
  tensor.device = {static_cast<int32_t>(integer(env, options, "type", 1)),
                   static_cast<int32_t>(integer(env, options, "id", 0))};
  tensor.ndim = static_cast<int32_t>(made->shape.size());
  tensor.dtype = {static_cast<uint8_t>(integer(env, options, "code", 1)),
                  static_cast<uint8_t>(integer(env, options, "bits", 8)),
                  static_cast<uint16_t>(integer(env, options, "lanes", 1))};
  tensor.shape = made->shape.data();
  tensor.strides = made->strides.empty() ? nullptr : made->strides.data();
  tensor.byte_offset = static_cast<uint64_t>(integer(env, options, "offset", 0));
  made->plain = {tensor, made, [](DLManagedTensor* self) { end(self->manager_ctx); }};
  made->versioned = {static_cast<uint32_t>(integer(env, options, "major", 1)),
                     7,
                     made,
                     [](DLManagedTensorVersioned* self) { end(self->manager_ctx); },
                     static_cast<uint64_t>(integer(env, options, "flags", 0)),
                     tensor};
  void* managed = &made->versioned;
  if (integer(env, options, "plain", 0)) managed = &made->plain;
  napi_create_external(env, managed, nullptr, nullptr, &external);
  return external;
}

/// consume(External, version, { thread? , keep? }): what the structure says; calls the deleter unless it is to keep it.
napi_value consume(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], result = nullptr;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  void* managed = nullptr;
  napi_get_value_external(env, arguments[0], &managed);
  const bool is_versioned = integer(env, arguments[1], 1) != 0;
  auto* plain = static_cast<DLManagedTensor*>(managed);
  auto* versioned = static_cast<DLManagedTensorVersioned*>(managed);
  const DLTensor& tensor = is_versioned ? versioned->dl_tensor : plain->dl_tensor;
  napi_create_object(env, &result);
  if (is_versioned) {
    set(env, result, "major", versioned->major);
    set(env, result, "minor", versioned->minor);
    set(env, result, "flags", static_cast<double>(versioned->flags));
  }
  set(env, result, "type", tensor.device.device_type);
  set(env, result, "id", tensor.device.device_id);
  set(env, result, "code", tensor.dtype.code);
  set(env, result, "bits", tensor.dtype.bits);
  set(env, result, "lanes", tensor.dtype.lanes);
  set(env, result, "shape", tensor.shape, tensor.ndim);
  set(env, result, "strides", tensor.strides, tensor.ndim);
  napi_value address = nullptr;
  napi_create_bigint_uint64(env, reinterpret_cast<uint64_t>(tensor.data) + tensor.byte_offset, &address);
  napi_set_named_property(env, result, "address", address);
  if (integer(env, arguments[2], "add", 0)) {  // to the first byte, so that the other side can see it
    auto* byte = static_cast<unsigned char*>(tensor.data) + tensor.byte_offset;
    *byte = static_cast<unsigned char>(*byte + integer(env, arguments[2], "add", 0));
  }
  if (integer(env, arguments[2], "keep", 0)) return result;
  const auto give_back = [=] {
    if (is_versioned)
      versioned->deleter(versioned);
    else
      plain->deleter(plain);
  };
  if (integer(env, arguments[2], "thread", 0))
    std::thread(give_back).join();
  else
    give_back();
  return result;
}

/// deletions(counter): how often deleters of what it produced with that counter have been called.
napi_value deletions(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value counter = nullptr, result = nullptr;
  napi_get_cb_info(env, info, &count, &counter, nullptr, nullptr);
  napi_create_int32(env, deleted[integer(env, counter, 0) % kCounters].load(), &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  const auto add = [&](const char* name, napi_callback callback) {
    napi_value function = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  };
  add("produce", produce);
  add("consume", consume);
  add("deletions", deletions);
  return exports;
}
