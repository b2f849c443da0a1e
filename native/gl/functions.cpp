#include "gl/functions.hpp"

#include <dlfcn.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/error.hpp"

namespace framelane::gl {

namespace {

using Procedure = void (*)();
using CurrentFunction = const void* (*)();

/// A window-system binding that is in the process: what it calls the current context, and where its functions are.
class Binding {
 public:
  const void* current() const {
    const auto current = current_.load();
    return current != nullptr ? current() : nullptr;
  }

  const Functions& table() {
    const std::scoped_lock lock(mutex_);
    if (!table_) {
      Functions loaded;
#define FL_GL(Result, Name, Parameters) load(loaded.Name, "gl" #Name);
#include "gl/functions.def"
#undef FL_GL
      table_ = loaded;
    }
    return *table_;
  }

  /// Looks again until the library is there: a window may bring it.
  void find(const char* file, const char* currentName, const char* procedureName) {
    if (current_.load() != nullptr) return;
    const std::scoped_lock lock(mutex_);
    void* library = dlopen(file, RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr) return;
    procedure_ = reinterpret_cast<decltype(procedure_)>(dlsym(library, procedureName));
    const auto current = reinterpret_cast<CurrentFunction>(dlsym(library, currentName));
    if (procedure_ != nullptr && current != nullptr) current_ = current;
  }

 private:
  template <class Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(procedure_(name));
    require(function != nullptr, "ERR_GL_UNAVAILABLE",
            std::string("this OpenGL has no ") + name + "; 3.3 or later is needed");
  }

  std::mutex mutex_;
  std::atomic<CurrentFunction> current_ = nullptr;
  Procedure (*procedure_)(const char*) = nullptr;
  std::optional<Functions> table_;
};

struct Current {
  Binding* binding;
  const void* handle;
};

/// At most one binding has a context current on a thread: libglvnd refuses a second.
Current findCurrent() {
  static Binding egl, glx;
  egl.find("libEGL.so.1", "eglGetCurrentContext", "eglGetProcAddress");
  if (const void* handle = egl.current()) return {&egl, handle};
  glx.find("libGLX.so.0", "glXGetCurrentContext", "glXGetProcAddressARB");
  glx.find("libGL.so.1", "glXGetCurrentContext", "glXGetProcAddressARB");
  if (const void* handle = glx.current()) return {&glx, handle};
  return {nullptr, nullptr};
}

std::mutex generationsMutex;
std::unordered_map<const void*, uint64_t>& generations() {
  static auto* map = new std::unordered_map<const void*, uint64_t>;  // outlives static destruction
  return *map;
}

}  // namespace

ContextId currentContext() {
  const Current current = findCurrent();
  if (current.handle == nullptr) return {};
  const std::scoped_lock lock(generationsMutex);
  const auto known = generations().find(current.handle);
  return {current.handle, known == generations().end() ? 0 : known->second};
}

const Functions& functions() {
  const Current current = findCurrent();
  require(current.binding != nullptr, "ERR_GL_CONTEXT",
          "no OpenGL context is current on this thread; call makeCurrent() of a window first");
  return current.binding->table();
}

void contextMade(const void* handle) {
  const std::scoped_lock lock(generationsMutex);
  generations()[handle]++;
}

}  // namespace framelane::gl
