// Compiling CUDA code, here or in a thread. What the compiler refuses is no exception here: TypeScript reads the log first.
#include <optional>

#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/interop/module_wrap.hpp"
#include "binding/number_argument.hpp"
#include "cuda/code_format.hpp"
#include "cuda/compile_cache.hpp"

namespace framelane::binding {

namespace {

std::string textArgument(Napi::Value value, const char* name) {
  require(value.IsString(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected text");
  const std::string text = value.As<Napi::String>();
  require(text.find('\0') == std::string::npos, "ERR_INVALID_ARGUMENT",
          std::string(name) + ": expected text without zeros");
  return text;
}

std::vector<std::string> textsArgument(Napi::Value value, const char* name) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", std::string(name) + ": expected an array");
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < array.Length(); i++) texts.push_back(textArgument(array.Get(i), name));
  return texts;
}

struct Job {
  cuda::CompileRequest request;
  cuda::CompileCache cache;
};

/// { source, architecture, options, headerNames, headerTexts, names, cacheFolder?, cacheBytes? }
Job readJob(Napi::Value value) {
  require(value.IsObject(), "ERR_INVALID_ARGUMENT", "compile: expected a request object");
  const auto given = value.As<Napi::Object>();
  Job job;
  job.request.source = textArgument(given.Get("source"), "source");
  job.request.architecture = textArgument(given.Get("architecture"), "architecture");
  job.request.options = textsArgument(given.Get("options"), "options");
  job.request.names = textsArgument(given.Get("names"), "names");
  const auto names = textsArgument(given.Get("headerNames"), "headerNames");
  const auto texts = textsArgument(given.Get("headerTexts"), "headerTexts");
  require(names.size() == texts.size(), "ERR_INVALID_ARGUMENT", "headerTexts: expected as many as names");
  for (size_t i = 0; i < names.size(); i++) job.request.headers.push_back({names[i], texts[i]});
  job.cache = given.Get("cacheFolder").IsUndefined()
                  ? cuda::CompileCache::ofEnvironment()
                  : cuda::CompileCache(textArgument(given.Get("cacheFolder"), "cacheFolder"),
                                       static_cast<uintmax_t>(numberArgument(given.Get("cacheBytes"), "cacheBytes")));
  return job;
}

/// { code, symbols, log, wasCached }, or { log, failure }.
struct Outcome {
  std::optional<cuda::CachedCode> compiled;
  std::string failure;
  std::string log;

  Napi::Value toJs(Napi::Env env) const {
    auto result = Napi::Object::New(env);
    result["log"] = Napi::String::New(env, compiled ? compiled->code.log : log);
    if (!compiled) {
      result["failure"] = Napi::String::New(env, failure);
      return result;
    }
    result["code"] = Napi::Buffer<char>::Copy(env, compiled->code.code.data(), compiled->code.code.size());
    result["wasCached"] = Napi::Boolean::New(env, compiled->wasCached);
    auto symbols = Napi::Array::New(env);
    for (const std::string& symbol : compiled->code.symbols) symbols[symbols.Length()] = Napi::String::New(env, symbol);
    result["symbols"] = symbols;
    return result;
  }
};

Outcome compileJob(const Job& job) {
  try {
    return {cuda::compileCached(job.request, job.cache), {}, {}};
  } catch (const cuda::CompileError& error) {
    return {std::nullopt, error.reason(), error.log()};
  }
}

class CompileWorker final : public Napi::AsyncWorker {
 public:
  CompileWorker(Napi::Env env, Job job)
      : Napi::AsyncWorker(env, "framelane-compile"),
        job_(std::move(job)),
        deferred_(Napi::Promise::Deferred::New(env)) {}
  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  void Execute() override {
    try {
      outcome_ = compileJob(job_);
    } catch (...) {
      error_ = std::current_exception();
    }
  }
  void OnOK() override {
    if (error_)
      deferred_.Reject(makeError(Env(), error_).Value());
    else
      deferred_.Resolve(outcome_.toJs(Env()));
  }

  Job job_;
  Napi::Promise::Deferred deferred_;
  Outcome outcome_;
  std::exception_ptr error_;
};

Napi::Value compileCode(const Napi::CallbackInfo& info) { return compileJob(readJob(info[0])).toJs(info.Env()); }

Napi::Value compileCodeAsync(const Napi::CallbackInfo& info) {
  auto* worker = new CompileWorker(info.Env(), readJob(info[0]));  // deletes itself
  worker->Queue();
  return worker->promise();
}

/// { path, version, capabilities }, or ERR_NVRTC_UNAVAILABLE.
Napi::Value codeCompiler(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const cuda::Nvrtc& compiler = cuda::Nvrtc::get();
  auto result = Napi::Object::New(env);
  result["path"] = Napi::String::New(env, compiler.path());
  result["version"] = Napi::String::New(env, compiler.version());
  auto capabilities = Napi::Array::New(env);
  for (const int capability : compiler.capabilities())
    capabilities[capabilities.Length()] = Napi::Number::New(env, capability);
  result["capabilities"] = capabilities;
  return result;
}

Napi::Value codeArchitecture(const Napi::CallbackInfo& info) {
  const auto device = openDevice(textArgument(info[0], "device"));
  const int capability = cuda::computeCapability(*device);
  return Napi::String::New(info.Env(), cuda::Nvrtc::get().architectureFor(capability));
}

/// 'cubin', 'fatbin' or 'ptx'.
Napi::Value codeFormat(const Napi::CallbackInfo& info) {
  const cuda::CodeFormat format = cuda::codeFormat(bytesArgument(info[0], "code"));
  return Napi::String::New(info.Env(), format == cuda::CodeFormat::cubin    ? "cubin"
                                       : format == cuda::CodeFormat::fatbin ? "fatbin"
                                                                            : "ptx");
}

/// The memory of LaunchBlock.
Napi::Value launchBlock(const Napi::CallbackInfo& info) {
  auto held = std::make_unique<std::shared_ptr<LaunchBlock>>(Environment::of(info.Env()).launch);
  LaunchBlock* shared = held->get();
  const auto release = [](Napi::Env, void*, std::shared_ptr<LaunchBlock>* hint) { delete hint; };
  const auto memory = Napi::ArrayBuffer::New(info.Env(), shared, sizeof(LaunchBlock), release, held.get());
  held.release();
  return memory;
}

}  // namespace

void exportKernels(Napi::Env env, Napi::Object exports) {
  exportFunction<compileCode>(env, exports, "compileCode");
  exportFunction<compileCodeAsync>(env, exports, "compileCodeAsync");
  exportFunction<codeCompiler>(env, exports, "codeCompiler");
  exportFunction<codeArchitecture>(env, exports, "codeArchitecture");
  exportFunction<codeFormat>(env, exports, "codeFormat");
  exportFunction<launchBlock>(env, exports, "launchBlock");
  exports["ModuleHandle"] = ModuleWrap::define(env);
}

}  // namespace framelane::binding
