#include <napi.h>

#include "binding/environment.hpp"
#include "binding/exports.hpp"

namespace framelane::binding {

static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment(env));  // freed by Node when the environment ends
  exportDevices(env, exports);
  exportGl(env, exports);
  exportGlResources(env, exports);
  exportImage(env, exports);
  exportCode(env, exports);
  exportImmediate(env, exports);
  exportInterop(env, exports);
  exportIpc(env, exports);
  exportDLPack(env, exports);
  exportHalf(env, exports);
  exportRecord(env, exports);
  exportPlan(env, exports);
  exportMedia(env, exports);
  exportKernels(env, exports);
  exportStreams(env, exports);
  return exports;
}

NODE_API_MODULE(framelane, initialize)

}  // namespace framelane::binding
