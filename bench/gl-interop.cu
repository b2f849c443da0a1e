// Ways of a frame from CUDA into an OpenGL texture, against each other in one run, interleaved; headless, by EGL:
//
//   nvcc -O2 -std=c++17 -arch=sm_90 -cudart static bench/gl-interop.cu -o gl-interop -ldl && ./gl-interop [rounds]
//
// Registered: the buffer or texture is mapped and unmapped for each frame (GLResource, GLTexture). Imported: the memory is
// CUDA's, exported as a descriptor (cuMemExportToShareableHandle) and imported by OpenGL (GL_EXT_memory_object_fd): nothing is
// mapped, but neither API can make a semaphore that the other imports, so the host waits for CUDA before OpenGL reads. In turn
// three buffers are written, and a fence keeps CUDA from one that OpenGL still reads. Every way is checked by read-back.
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <cuda.h>
#include <cuda_gl_interop.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {

#define CHECK(call)                                                                      \
  do {                                                                                   \
    const cudaError_t status = call;                                                     \
    if (status != cudaSuccess) die(#call, cudaGetErrorString(status));                   \
  } while (0)

[[noreturn]] void die(const char* what, const char* why) {
  std::fprintf(stderr, "%s: %s\n", what, why);
  std::exit(1);
}

// --- EGL and OpenGL ---

void* (*getProcAddress)(const char*);

template <class Function>
Function glFunction(const char* name) {
  const auto function = reinterpret_cast<Function>(getProcAddress(name));
  if (function == nullptr) die(name, "this OpenGL has no such function");
  return function;
}

#define GL_FUNCTIONS(X)                                                                                       \
  X(PFNGLGENBUFFERSPROC, GenBuffers) X(PFNGLBINDBUFFERPROC, BindBuffer) X(PFNGLBUFFERDATAPROC, BufferData)    \
  X(PFNGLFENCESYNCPROC, FenceSync) X(PFNGLCLIENTWAITSYNCPROC, ClientWaitSync) X(PFNGLDELETESYNCPROC, DeleteSync) \
  X(PFNGLTEXSTORAGE2DPROC, TexStorage2D) X(PFNGLCREATEMEMORYOBJECTSEXTPROC, CreateMemoryObjectsEXT)           \
  X(PFNGLIMPORTMEMORYFDEXTPROC, ImportMemoryFdEXT) X(PFNGLBUFFERSTORAGEMEMEXTPROC, BufferStorageMemEXT)       \
  X(PFNGLTEXSTORAGEMEM2DEXTPROC, TexStorageMem2DEXT) X(void (*)(GLsizei, GLuint*), GenTextures)               \
  X(void (*)(GLenum, GLuint), BindTexture) X(void (*)(GLenum, GLenum, GLint), TexParameteri)                  \
  X(void (*)(), Finish) X(GLenum (*)(), GetError) X(const GLubyte* (*)(GLenum), GetString)                    \
  X(void (*)(GLenum, GLint, GLenum, GLenum, void*), GetTexImage)                                              \
  X(void (*)(GLenum, GLint, GLint, GLint, GLsizei, GLsizei, GLenum, GLenum, const void*), TexSubImage2D)

template <class T>
using Alias = T;

struct {
#define X(Type, name) Alias<Type> name;
  GL_FUNCTIONS(X)
#undef X
} gl;

void makeContext() {
  void* egl = dlopen("libEGL.so.1", RTLD_NOW);
  if (egl == nullptr) die("libEGL.so.1", dlerror());
  getProcAddress = reinterpret_cast<void* (*)(const char*)>(dlsym(egl, "eglGetProcAddress"));
  const auto queryDevices = glFunction<PFNEGLQUERYDEVICESEXTPROC>("eglQueryDevicesEXT");
  const auto platformDisplay = glFunction<PFNEGLGETPLATFORMDISPLAYEXTPROC>("eglGetPlatformDisplayEXT");
  const auto initialize = glFunction<EGLBoolean (*)(EGLDisplay, EGLint*, EGLint*)>("eglInitialize");
  const auto chooseConfig =
      glFunction<EGLBoolean (*)(EGLDisplay, const EGLint*, EGLConfig*, EGLint, EGLint*)>("eglChooseConfig");
  const auto bindApi = glFunction<EGLBoolean (*)(EGLenum)>("eglBindAPI");
  const auto createContext =
      glFunction<EGLContext (*)(EGLDisplay, EGLConfig, EGLContext, const EGLint*)>("eglCreateContext");
  const auto createSurface = glFunction<EGLSurface (*)(EGLDisplay, EGLConfig, const EGLint*)>("eglCreatePbufferSurface");
  const auto makeCurrent = glFunction<EGLBoolean (*)(EGLDisplay, EGLSurface, EGLSurface, EGLContext)>("eglMakeCurrent");
  EGLDeviceEXT devices[8];
  EGLint count = 0;
  queryDevices(8, devices, &count);
  for (int i = 0; i < count; i++) {
    EGLDisplay display = platformDisplay(EGL_PLATFORM_DEVICE_EXT, devices[i], nullptr);
    if (!initialize(display, nullptr, nullptr)) continue;
    const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
    const EGLint size[] = {EGL_WIDTH, 16, EGL_HEIGHT, 16, EGL_NONE};
    EGLConfig config;
    EGLint configs = 0;
    if (!chooseConfig(display, wanted, &config, 1, &configs) || configs == 0) continue;
    bindApi(EGL_OPENGL_API);
    EGLContext context = createContext(display, config, EGL_NO_CONTEXT, nullptr);
    EGLSurface surface = createSurface(display, config, size);
    if (!makeCurrent(display, surface, surface, context)) continue;
#define X(Type, name) gl.name = glFunction<Type>("gl" #name);
    GL_FUNCTIONS(X)
#undef X
    return;
  }
  die("EGL", "no device makes an OpenGL context");
}

// --- CUDA memory that OpenGL imports ---

template <class Function>
Function driverFunction(const char* name) {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found;
  CHECK(cudaGetDriverEntryPointByVersion(name, &function, 12000, cudaEnableDefault, &found));
  if (found != cudaDriverEntryPointSuccess) die(name, "the driver has no such function");
  return reinterpret_cast<Function>(function);
}

void checkDriver(CUresult result, const char* what) {
  if (result != CUDA_SUCCESS) die(what, ("driver error " + std::to_string(result)).c_str());
}

struct ImportedMemory {
  unsigned char* device = nullptr;
  size_t bytes = 0;
  GLuint object = 0;
};

ImportedMemory makeImported(size_t atLeast) {
  CUmemAllocationProp properties{};
  properties.type = CU_MEM_ALLOCATION_TYPE_PINNED;
  properties.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
  properties.requestedHandleTypes = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR;
  size_t granularity = 0;
  checkDriver(driverFunction<decltype(&cuMemGetAllocationGranularity)>("cuMemGetAllocationGranularity")(
                  &granularity, &properties, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED),
              "cuMemGetAllocationGranularity");
  ImportedMemory memory;
  memory.bytes = (atLeast + granularity - 1) / granularity * granularity;
  CUmemGenericAllocationHandle handle;
  CUdeviceptr address = 0;
  checkDriver(driverFunction<decltype(&cuMemCreate)>("cuMemCreate")(&handle, memory.bytes, &properties, 0), "cuMemCreate");
  checkDriver(driverFunction<decltype(&cuMemAddressReserve)>("cuMemAddressReserve")(&address, memory.bytes, 0, 0, 0),
              "cuMemAddressReserve");
  checkDriver(driverFunction<decltype(&cuMemMap)>("cuMemMap")(address, memory.bytes, 0, handle, 0), "cuMemMap");
  const CUmemAccessDesc access{properties.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
  checkDriver(driverFunction<decltype(&cuMemSetAccess)>("cuMemSetAccess")(address, memory.bytes, &access, 1),
              "cuMemSetAccess");
  int descriptor = -1;
  checkDriver(driverFunction<decltype(&cuMemExportToShareableHandle)>("cuMemExportToShareableHandle")(
                  &descriptor, handle, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0),
              "cuMemExportToShareableHandle");
  memory.device = reinterpret_cast<unsigned char*>(address);
  gl.CreateMemoryObjectsEXT(1, &memory.object);
  gl.ImportMemoryFdEXT(memory.object, memory.bytes, GL_HANDLE_TYPE_OPAQUE_FD_EXT, descriptor);  // owns it now
  return memory;
}

// --- Measuring ---

double now() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Way {
  std::string name;
  std::function<void()> frame;
  GLuint texture;
  std::vector<double> complete, submit;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

GLuint makeTexture(int width, int height) {
  GLuint texture = 0;
  gl.GenTextures(1, &texture);
  gl.BindTexture(GL_TEXTURE_2D, texture);
  gl.TexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA8, width, height);
  return texture;
}

void fromBuffer(GLuint buffer, GLuint texture, int width, int height) {
  gl.BindTexture(GL_TEXTURE_2D, texture);
  gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
  gl.TexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
}

void measure(int width, int height, int rounds) {
  const size_t bytes = static_cast<size_t>(width) * height * 4;
  std::vector<unsigned char> pattern(bytes), host(bytes);
  unsigned char* image = nullptr;
  cudaStream_t stream;
  CHECK(cudaMalloc(&image, bytes));
  CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  std::vector<Way> ways;

  GLuint pbo = 0;
  gl.GenBuffers(1, &pbo);
  gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, pbo);
  gl.BufferData(GL_PIXEL_UNPACK_BUFFER, bytes, nullptr, GL_STREAM_DRAW);
  gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  cudaGraphicsResource_t registeredBuffer, registeredTexture;
  CHECK(cudaGraphicsGLRegisterBuffer(&registeredBuffer, pbo, cudaGraphicsRegisterFlagsWriteDiscard));
  const GLuint viaBuffer = makeTexture(width, height), direct = makeTexture(width, height);
  CHECK(cudaGraphicsGLRegisterImage(&registeredTexture, direct, GL_TEXTURE_2D, cudaGraphicsRegisterFlagsWriteDiscard));

  ways.push_back({"registered buffer, texSubImage2D", [=]() mutable {
    void* to = nullptr;
    size_t size = 0;
    CHECK(cudaGraphicsMapResources(1, &registeredBuffer, stream));
    CHECK(cudaGraphicsResourceGetMappedPointer(&to, &size, registeredBuffer));
    CHECK(cudaMemcpyAsync(to, image, bytes, cudaMemcpyDeviceToDevice, stream));
    CHECK(cudaGraphicsUnmapResources(1, &registeredBuffer, stream));
    fromBuffer(pbo, viaBuffer, width, height);
  }, viaBuffer, {}, {}});

  ways.push_back({"registered texture", [=]() mutable {
    cudaArray_t array;
    CHECK(cudaGraphicsMapResources(1, &registeredTexture, stream));
    CHECK(cudaGraphicsSubResourceGetMappedArray(&array, registeredTexture, 0, 0));
    CHECK(cudaMemcpy2DToArrayAsync(array, 0, 0, image, width * 4, width * 4, height, cudaMemcpyDeviceToDevice, stream));
    CHECK(cudaGraphicsUnmapResources(1, &registeredTexture, stream));
  }, direct, {}, {}});

  // One buffer for each of three frames in flight; `copy` is left out where the plan writes there itself.
  struct Slot {
    ImportedMemory memory;
    GLuint buffer = 0;
    GLsync read = nullptr;
  };
  auto* slots = new Slot[3];
  for (int i = 0; i < 3; i++) {
    slots[i].memory = makeImported(bytes);
    gl.GenBuffers(1, &slots[i].buffer);
    gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, slots[i].buffer);
    gl.BufferStorageMemEXT(GL_PIXEL_UNPACK_BUFFER, slots[i].memory.bytes, slots[i].memory.object, 0);
    gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  }
  if (const GLenum error = gl.GetError(); error != GL_NO_ERROR) {
    std::printf("  imported buffer: OpenGL refuses it (0x%04x)\n", error);
  } else {
    const GLuint texture = makeTexture(width, height), without = makeTexture(width, height);
    const auto next = [=](GLuint to, bool copy) {
      return [=, i = 0]() mutable {
        Slot& slot = slots[i++ % 3];
        if (slot.read != nullptr) {
          gl.ClientWaitSync(slot.read, GL_SYNC_FLUSH_COMMANDS_BIT, 1000000000);
          gl.DeleteSync(slot.read);
        }
        if (copy) CHECK(cudaMemcpyAsync(slot.memory.device, image, bytes, cudaMemcpyDeviceToDevice, stream));
        CHECK(cudaStreamSynchronize(stream));
        fromBuffer(slot.buffer, to, width, height);
        slot.read = gl.FenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
      };
    };
    ways.push_back({"imported buffer, texSubImage2D", next(texture, true), texture, {}, {}});
    // Reads what the way before it has copied: as if the last pass of the plan had written there.
    ways.push_back({"imported buffer written in place", next(without, false), without, {}, {}});
  }

  // A linear texture in CUDA's memory: nothing is left to copy for OpenGL. Its pitch is the driver's: the check tells.
  const ImportedMemory linear = makeImported(bytes + (1 << 20));
  GLuint linearTexture = 0;
  gl.GenTextures(1, &linearTexture);
  gl.BindTexture(GL_TEXTURE_2D, linearTexture);
  gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_TILING_EXT, GL_LINEAR_TILING_EXT);
  gl.TexStorageMem2DEXT(GL_TEXTURE_2D, 1, GL_RGBA8, width, height, linear.object, 0);
  if (const GLenum error = gl.GetError(); error != GL_NO_ERROR) {
    std::printf("  imported linear texture: OpenGL refuses it (0x%04x)\n", error);
  } else {
    const size_t pitch = (width * 4 + 255) / 256 * 256;
    ways.push_back({"imported linear texture", [=] {
      CHECK(cudaMemcpy2DAsync(linear.device, pitch, image, width * 4, width * 4, height, cudaMemcpyDeviceToDevice, stream));
      CHECK(cudaStreamSynchronize(stream));
    }, linearTexture, {}, {}});
  }

  auto* page = new std::vector<unsigned char>(bytes);
  const GLuint uploaded = makeTexture(width, height);
  ways.push_back({"download, texSubImage2D", [=] {
    CHECK(cudaMemcpyAsync(page->data(), image, bytes, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    gl.BindTexture(GL_TEXTURE_2D, uploaded);
    gl.TexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, page->data());
  }, uploaded, {}, {}});

  for (int seed = 1; seed <= 2; seed++) {
    for (size_t i = 0; i < bytes; i++) pattern[i] = static_cast<unsigned char>(i * 31 + i / 4096 * 7 + seed);
    CHECK(cudaMemcpy(image, pattern.data(), bytes, cudaMemcpyHostToDevice));
    for (Way& way : ways) {
      for (int i = 0; i < 3; i++) way.frame();
      gl.Finish();
      CHECK(cudaStreamSynchronize(stream));
      std::memset(host.data(), 0, bytes);
      gl.BindTexture(GL_TEXTURE_2D, way.texture);
      gl.GetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, host.data());
      if (host != pattern) std::printf("  %s: WRONG PIXELS\n", way.name.c_str());
    }
  }

  constexpr int kFrames = 50;
  for (int round = 0; round < rounds; round++)
    for (Way& way : ways) {
      for (int i = 0; i < 3; i++) way.frame();
      gl.Finish();
      double begin = now();
      for (int i = 0; i < kFrames; i++) {
        way.frame();
        gl.Finish();
        CHECK(cudaStreamSynchronize(stream));
      }
      way.complete.push_back((now() - begin) / kFrames);
      begin = now();
      for (int i = 0; i < kFrames; i++) way.frame();
      way.submit.push_back((now() - begin) / kFrames);
      gl.Finish();
      CHECK(cudaStreamSynchronize(stream));
    }
  std::printf("%dx%d, ms a frame              complete    submit\n", width, height);
  for (const Way& way : ways) std::printf("  %-34s %7.4f   %7.4f\n", way.name.c_str(), median(way.complete), median(way.submit));
}

}  // namespace

int main(int argc, char** argv) {
  makeContext();
  std::printf("%s\n", reinterpret_cast<const char*>(gl.GetString(GL_RENDERER)));
  CHECK(cudaFree(nullptr));
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
  measure(2560, 1440, rounds);
  measure(3840, 2160, rounds);
}
