#pragma once
// Libraries that may be absent: opened when they are first needed, never closed.
#include <dlfcn.h>

#include <string>

#include "core/error.hpp"

namespace framelane::gl {

class Library {
 public:
  /// ERR_GL_UNAVAILABLE with the linker's reason.
  static Library open(const char* file) {
    void* handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) fail("ERR_GL_UNAVAILABLE", dlerror());
    return Library(file, handle);
  }

  template <class Function>
  void find(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    require(function != nullptr, "ERR_GL_UNAVAILABLE", std::string(file_) + " has no " + name);
  }

 private:
  Library(const char* file, void* handle) : file_(file), handle_(handle) {}
  const char* file_;
  void* handle_;
};

}  // namespace framelane::gl
