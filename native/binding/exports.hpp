#pragma once
// What each binding file adds to the addon's exports; addon.cpp calls them in turn.
#include <napi.h>

namespace framelane::binding {

void exportCode(Napi::Env env, Napi::Object exports);  // of the program's own operations
void exportDevices(Napi::Env env, Napi::Object exports);
void exportGl(Napi::Env env, Napi::Object exports);  // binding/gl/window_wrap.cpp: windows and OpenGL
void exportGlResources(Napi::Env env, Napi::Object exports);
void exportImage(Napi::Env env, Napi::Object exports);
void exportImmediate(Napi::Env env, Napi::Object exports);  // when recorded calls are run
void exportInterop(Napi::Env env, Napi::Object exports);    // binding/interop: memory by its address
void exportIpc(Napi::Env env, Napi::Object exports);        // the same, for other processes
void exportDLPack(Napi::Env env, Napi::Object exports);     // the same, for other addons
void exportHalf(Napi::Env env, Napi::Object exports);       // elements of 16-bit floats
void exportPlan(Napi::Env env, Napi::Object exports);
void exportRecord(Napi::Env env, Napi::Object exports);   // calls of the immediate API
void exportMedia(Napi::Env env, Napi::Object exports);    // binding/media: transport and sessions
void exportKernels(Napi::Env env, Napi::Object exports);  // binding/interop: CUDA code of the user
void exportStreams(Napi::Env env, Napi::Object exports);  // binding/interop: streams and events

}  // namespace framelane::binding
