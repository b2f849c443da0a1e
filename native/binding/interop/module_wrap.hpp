#pragma once
#include <napi.h>

#include <memory>
#include <string_view>
#include <vector>

#include "binding/environment.hpp"
#include "binding/guarded.hpp"
#include "cuda/module.hpp"

namespace framelane::binding {

/// CUDA code on a device, as JavaScript holds it. Kernels are numbers, variables are names.
class ModuleWrap : public GuardedWrap<ModuleWrap> {
 public:
  explicit ModuleWrap(const Napi::CallbackInfo& info);
  static Napi::Function define(Napi::Env env);

 private:
  Napi::Value kernel(const Napi::CallbackInfo& info);
  Napi::Value limits(const Napi::CallbackInfo& info);
  Napi::Value launch(const Napi::CallbackInfo& info);
  Napi::Value benchmark(const Napi::CallbackInfo& info);
  Napi::Value activeBlocks(const Napi::CallbackInfo& info);
  Napi::Value suggestBlock(const Napi::CallbackInfo& info);
  Napi::Value global(const Napi::CallbackInfo& info);
  Napi::Value readGlobal(const Napi::CallbackInfo& info);
  Napi::Value writeGlobal(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  /// ERR_DISPOSED once it is freed.
  cuda::Module& module() const;
  size_t kernelArgument(Napi::Value value) const;
  void launch(size_t kernel, LaunchBlock& block, const std::shared_ptr<Stream>& stream);
  cuda::GlobalVariable rangeArgument(const Napi::CallbackInfo& info) const;

  std::shared_ptr<Device> device_;
  std::unique_ptr<cuda::Module> module_;
  std::vector<const char*> names_;  // of the kernels, for errors
};

/// The bytes of a typed array or DataView.
std::string_view bytesArgument(Napi::Value value, const char* name);

}  // namespace framelane::binding
